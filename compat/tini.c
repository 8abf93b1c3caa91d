/* tini(1): signals to the app alone; what it leaves is not asked to end. */
#include "compat/profile.h"

static const char *become_subreaper(struct plan *plan, const char *value)
{
	(void)value;
	plan->supervision.subreaper = true;
	return NULL;
}

static const char *report_reaped(struct plan *plan, const char *value)
{
	(void)value;
	plan->supervision.report_reaped = true;
	return NULL;
}

static const char *do_not_warn(struct plan *plan, const char *value)
{
	(void)value;
	plan->supervision.warn_without_subreaper = false;
	return NULL;
}

static const struct profile_option options[] = {
	{ .letter = 's',
	  .help = "become a subreaper",
	  .action.read = become_subreaper },
	{ .letter = 'g',
	  .action = { .option = "forward-to", .value = "group" } },
	{ .letter = 'p', .metavar = "SIG", .action.option = "parent-death" },
	{ .letter = 'e', .metavar = "CODE", .action.option = "success" },
	{ .letter = 'w',
	  .help = "report each reaped zombie",
	  .action.read = report_reaped },
	{ .letter = 'v', .action.option = "verbose" },
	{ .letter = 'l', .action.option = "license" },
	{ .letter = 'h', .help = "print this help", .answer = ANSWER_HELP },
	{ .name = "version",
	  .help = "print the version",
	  .answer = ANSWER_VERSION },
	{ 0 },
};

static const struct profile_variable variables[] = {
	{ .name = "TINI_SUBREAPER",
	  .help = "as -s",
	  .action.read = become_subreaper },
	{ .name = "TINI_KILL_PROCESS_GROUP",
	  .action = { .option = "forward-to", .value = "group" } },
	{ .name = "TINI_VERBOSITY",
	  .value = "0",
	  .help = "warn of nothing",
	  .action.read = do_not_warn },
	{ .name = "TINI_VERBOSITY", .value = "2", .action.option = "verbose" },
	{ .name = "TINI_VERBOSITY", .value = "3", .action.option = "verbose" },
	{ 0 },
};

static const uint8_t swallowed[] = {
	SIGILL, SIGTRAP, SIGABRT, SIGBUS,  SIGFPE, SIGSEGV,
	SIGSYS, SIGCHLD, SIGTTIN, SIGTTOU, 0,
};

static void begin(struct plan *plan)
{
	plan->process.shell_fallback = true;
	plan->supervision.warn_without_subreaper = true;
}

static const char *const names[] = { "tini", "tini-static", "docker-init",
				     NULL };

const struct profile tini_profile = {
	.names = names,
	.version_prefix = "tini version ",
	.usage = "[OPTION]... COMMAND [ARG]...",
	.options = options,
	.variables = variables,
	.last_wins = true,
	.swallowed = swallowed,
	.exit_codes = { .failed = 1,
			.cannot_run = 126,
			.not_found = 127,
			.exec_failed = 1 },
	.begin = begin,
};
