/* gosu(1) and su-exec(8): become another user, then the command. */
#include "compat/profile.h"

static const struct profile_option options[] = {
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

static void begin(struct plan *plan)
{
	plan->identity.unlisted_keeps_gid = true;
	plan->identity.find_own_user = true;
	plan->environment.set_home = true;
	plan->supervision.exec = true;
}

static const char *finish(struct plan *plan)
{
	plan->identity.user = plan->command[0];
	plan->command++;
	return plan->command[0] ? NULL : "no command to run";
}

static const char *const gosu_names[] = { "gosu", NULL };

const struct profile gosu_profile = {
	.names = gosu_names,
	.version_prefix = "gosu ",
	.usage = "USER[:GROUP] COMMAND [ARG]...",
	.options = options,
	.user_first = true,
	.exit_codes = { .failed = 1,
			.cannot_run = 1,
			.not_found = 1,
			.exec_failed = 1 },
	.begin = begin,
	.finish = finish,
};

static void begin_su_exec(struct plan *plan)
{
	begin(plan);
	plan->identity.list_primary_group = true;
	plan->process.shell_fallback = true;
}

static const char *const su_exec_names[] = { "su-exec", NULL };

const struct profile su_exec_profile = {
	.names = su_exec_names,
	.version_prefix = "su-exec ",
	.usage = "USER[:GROUP] COMMAND [ARG]...",
	.options = options,
	.user_first = true,
	.exit_codes = { .failed = 1,
			.cannot_run = 1,
			.not_found = 1,
			.exec_failed = 1 },
	.begin = begin_su_exec,
	.finish = finish,
};
