/* no_new_privs: no exec gives more than the process has (prctl(2)). */
#include <errno.h>
#include <sys/prctl.h>

#include "base/packed.h"
#include "setup/rooms.h"

static const struct option new_privs_options[] = {
	{ .name = "allow-new-privs\0\0" TEXT(
		  "let setuid programs and file capabilities work"),
	  .flag = offsetof(struct plan, allow_new_privs) },
};

const struct facility new_privs_facility = { GROUP_PRIVILEGE,
					     OPTIONS(new_privs_options) };

int new_privs_setup(struct app *app, struct error *error)
{
	if ((!app->plan->allow_new_privs ||
	     app->plan->quirks & QUIRK_NO_NEW_PRIVS) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return error_errno(error, "no-new-privs", NULL, NULL);
	return 0;
}
