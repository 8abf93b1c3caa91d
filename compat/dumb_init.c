/* dumb-init(1): a session for the app, signals to its process group. */
#include <stddef.h>

#include "compat/profile.h"

static const char *share_group(struct plan *plan, const char *value)
{
	(void)value;
	plan->process.session = SESSION_SHARED;
	return NULL;
}

static const struct profile_option options[] = {
	{ .letter = 'c',
	  .name = "single-child",
	  .help = "send signals to the app alone",
	  .action.read = share_group },
	{ .letter = 'r',
	  .name = "rewrite",
	  .metavar = "FROM:TO",
	  .action.option = "rewrite" },
	{ .letter = 'v', .name = "verbose", .action.option = "verbose" },
	{ .letter = 'h',
	  .name = "help",
	  .help = "print this help",
	  .answer = ANSWER_HELP },
	{ .letter = 'V',
	  .name = "version",
	  .help = "print the version",
	  .answer = ANSWER_VERSION },
	{ 0 },
};

static const struct profile_variable variables[] = {
	{ .name = "DUMB_INIT_DEBUG", .value = "1", .action.option = "verbose" },
	{ .name = "DUMB_INIT_SETSID",
	  .value = "0",
	  .help = "as -c",
	  .action.read = share_group },
	{ 0 },
};

static const uint8_t swallowed[] = { SIGCHLD, 0 };

static void begin(struct plan *plan)
{
	plan->process.session = SESSION_OWN;
	plan->process.shell_fallback = true;
	plan->supervision.suspend_with_app = true;
}

static const char *finish(struct plan *plan)
{
	static const uint8_t stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	uint8_t *rewrite = plan->supervision.rewrite;

	if (plan->process.session == SESSION_SHARED)
		return NULL;
	plan->supervision.forward_to = FORWARD_GROUP;
	plan->supervision.leftovers = LEFTOVERS_TERM;
	/*
	 * The app's group is an orphaned one, in which the kernel ignores a
	 * terminal's stop signals, setpgid(2).
	 */
	for (size_t i = 0; i < sizeof(stops); i++)
		if (rewrite[stops[i]] == stops[i])
			rewrite[stops[i]] = SIGSTOP;
	return NULL;
}

static const char *const names[] = { "dumb-init", NULL };

const struct profile dumb_init_profile = {
	.names = names,
	.version_prefix = "dumb-init v",
	.usage = "[OPTION]... COMMAND [ARG]...",
	.options = options,
	.variables = variables,
	.last_wins = true,
	.swallowed = swallowed,
	.exit_codes = { .failed = 2,
			.cannot_run = 2,
			.not_found = 2,
			.exec_failed = 2 },
	.begin = begin,
	.finish = finish,
};
