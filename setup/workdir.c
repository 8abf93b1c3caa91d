/* The working directory, entered as the app's user (chdir(2)). */
#include <errno.h>
#include <unistd.h>

#include "setup/rooms.h"

static int read_workdir(struct plan *plan, const char *value,
			const char **reason)
{
	plan->workdir = value;
	if (*value == '/')
		return 0;
	*reason = "not an absolute path";
	return -1;
}

static const struct option options[] = {
	{ .name = "workdir",
	  .value = "DIR",
	  .help = "the working directory",
	  .read = read_workdir },
	{ 0 },
};

const struct facility workdir_facility = { GROUP_PROCESS, options };

int workdir_setup(struct app *app, struct error *error)
{
	const char *path = app->plan->workdir;

	if (path && chdir(path))
		return error_errno(error, "workdir", path, errno,
				   errno == EACCES ? "the app's user may not "
						     "enter it"
						   : NULL);
	return 0;
}
