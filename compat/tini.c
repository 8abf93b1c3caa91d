/* tini(1): signals to the child, no farewell to the rest. */
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
	{ .letter = 'g', .action = { "forward-to", "group", NULL } },
	{ .letter = 'p', .metavar = "SIG", .action.option = "parent-death" },
	{ .letter = 'e', .metavar = "CODE", .action.option = "success" },
	{ .letter = 'w',
	  .help = "say which zombies are reaped",
	  .action.read = report_reaped },
	{ .letter = 'v', .action.option = "verbose" },
	{ .letter = 'l', .action.option = "license" },
	{ .letter = 'h', .help = "this text", .answer = ANSWER_HELP },
	{ .name = "version", .help = "version", .answer = ANSWER_VERSION },
	{ 0 },
};

static const struct profile_variable variables[] = {
	{ "TINI_SUBREAPER", NULL, "as -s", { .read = become_subreaper } },
	{ "TINI_KILL_PROCESS_GROUP",
	  NULL,
	  NULL,
	  { .option = "forward-to", .value = "group" } },
	{ "TINI_VERBOSITY", "0", "no warnings", { .read = do_not_warn } },
	{ "TINI_VERBOSITY", "2", NULL, { .option = "verbose" } },
	{ "TINI_VERBOSITY", "3", NULL, { .option = "verbose" } },
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
	.version = "tini version ",
	.usage = " [OPTION]... COMMAND [ARG]...",
	.options = options,
	.variables = variables,
	.last_wins = true,
	.swallowed = swallowed,
	.exit_codes = { 1, 126, 127, 1 },
	.begin = begin,
};
