/* no_new_privs: no exec gives more than the process has (prctl(2)). */
#include <errno.h>
#include <sys/prctl.h>

#include "setup/steps.h"

static bool *allow_new_privs_field(struct plan *plan)
{
	return &plan->confinement.allow_new_privs;
}

static const struct option new_privs_options[] = {
	{ .name = "allow-new-privs",
	  .help = "let setuid programs and file capabilities work",
	  .kind = OPTION_SWITCH,
	  .field = allow_new_privs_field },
};

const struct option_table new_privs_option_table =
	OPTION_TABLE(GROUP_PRIVILEGE, new_privs_options);

static int forbid_new_privs(struct app *app, struct error *error)
{
	if (!app->plan->confinement.allow_new_privs &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return error_errno(error, "no-new-privs", NULL, NULL);
	return 0;
}

const struct app_step new_privs_step = {
	.text = { .name = "no_new_privs",
		  .options = { "allow-new-privs" },
		  .defaults = { { NULL, "on" } } },
	.run = forbid_new_privs,
};
