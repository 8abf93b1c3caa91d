/*
 * The working directory, entered as the app's user (chdir(2)). A link of the
 * image's may lead into /proc/self/fd, so the descriptors are closed by now.
 */
#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "setup/steps.h"

static const char *read_workdir(struct plan *plan, const char *value)
{
	plan->process.workdir = value;
	if (*value == '/')
		return NULL;
	return "not an absolute path";
}

static const struct option workdir_options[] = {
	{ .name = "workdir",
	  .metavar = "DIR",
	  .help = "the working directory",
	  .kind = OPTION_VALUE,
	  .read = read_workdir },
};

const struct option_table workdir_option_table = OPTION_TABLE(GROUP_PROCESS,
							      workdir_options);

int workdir_setup(struct app *app, struct error *error)
{
	const char *path = app->plan->process.workdir;
	char own[PATH_MAX] = "/";

	if (path && chdir(path))
		return error_errno(error, "workdir", path,
				   errno == EACCES ? "the app's user may not "
						     "enter it"
						   : NULL);
	/*
	 * The kernel's "(unreachable)": an engine that followed such a link
	 * itself has left rind in a directory of the host (CVE-2024-21626). One
	 * that has been removed, or whose path is too long, has none to tell.
	 */
	if (syscall(SYS_getcwd, own, sizeof(own)) < 0)
		return error_errno(error, "workdir", path ? path : ".",
				   app->plan->cures_name_options
					   ? "name one: --workdir=DIR"
					   : NULL);
	if (*own != '/')
		return error_set(error, "workdir", own,
				 "it is outside of the root",
				 "the app could leave the root by it");
	return 0;
}
