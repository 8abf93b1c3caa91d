/* catatonit(8), and the pause container of a Kubernetes pod. */
#include "compat/profile.h"

static const char *pause_instead(struct plan *plan, const char *value)
{
	(void)value;
	plan->supervision.pause = true;
	return NULL;
}

static const struct profile_option options[] = {
	{ .letter = 'g',
	  .action = { .option = "forward-to", .value = "group" } },
	{ .letter = 'P',
	  .help = "run no program, hold the namespaces",
	  .action.read = pause_instead },
	{ .letter = 'L', .action.option = "license" },
	{ .letter = 'h', .help = "print this help", .answer = ANSWER_HELP },
	{ .letter = 'V',
	  .name = "version",
	  .help = "print the version",
	  .answer = ANSWER_VERSION },
	{ 0 },
};

static const uint8_t swallowed[] = {
	SIGILL, SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,  SIGSEGV,
	SIGSYS, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU, 0,
};

static void begin(struct plan *plan)
{
	plan->process.shell_fallback = true;
	plan->supervision.subreaper = true;
}

static const char *const names[] = { "catatonit", "podman-init", NULL };

const struct profile catatonit_profile = {
	.names = names,
	.version_prefix = "tini version ",
	.usage = "[OPTION]... COMMAND [ARG]...",
	.options = options,
	.last_wins = true,
	.swallowed = swallowed,
	.exit_codes = { .failed = 1,
			.cannot_run = 1,
			.not_found = 1,
			.exec_failed = 1 },
	.begin = begin,
};

static const struct profile_option pause_options[] = {
	{ .letter = 'v',
	  .name = "version",
	  .help = "print the version",
	  .answer = ANSWER_VERSION },
	{ .letter = 'h',
	  .name = "help",
	  .help = "print this help",
	  .answer = ANSWER_HELP },
	{ 0 },
};

static void begin_pause(struct plan *plan)
{
	plan->supervision.pause = true;
}

static const char *const pause_names[] = { "pause", NULL };

const struct profile pause_profile = {
	.names = pause_names,
	.version_prefix = "pause ",
	.usage = "[OPTION]...",
	.options = pause_options,
	.exit_codes = { .failed = 1,
			.cannot_run = 1,
			.not_found = 1,
			.exec_failed = 1 },
	.begin = begin_pause,
};
