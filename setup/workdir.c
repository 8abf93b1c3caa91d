/*
 * The working directory, entered as the app's user (chdir(2)). A link of the
 * image's may lead into /proc/self/fd, so the descriptors are closed by now.
 */
#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/packed.h"
#include "setup/rooms.h"

static const char *read_workdir(struct plan *plan, const char *value)
{
	plan->workdir = value;
	if (*value == '/')
		return NULL;
	return TEXT("not an absolute path");
}

static const struct option workdir_options[] = {
	{ .name = "workdir\0DIR\0" TEXT("the working directory"),
	  .read = read_workdir },
};

const struct facility workdir_facility = { GROUP_PROCESS,
					   OPTIONS(workdir_options) };

int workdir_setup(struct app *app, struct error *error)
{
	const char *path = app->plan->workdir;
	char own[PATH_MAX] = "/";

	if (path && chdir(path))
		return error_errno(error, "workdir", path,
				   errno == EACCES
					   ? TEXT("the app's user may not "
						  "enter it")
					   : NULL);
	/*
	 * The kernel's "(unreachable)": an engine that followed such a link
	 * itself has left rind in a directory of the host (CVE-2024-21626). One
	 * that has been removed, or whose path is too long, has none to tell.
	 */
	if (syscall(SYS_getcwd, own, sizeof(own)) < 0)
		return error_errno(error, "workdir", path ? path : ".",
				   app->plan->quirks
					   ? NULL
					   : TEXT("name one: --workdir=DIR"));
	if (*own != '/')
		return error_set(error, "workdir", own,
				 TEXT("it is outside of the root"),
				 TEXT("the app could leave the root by it"));
	return 0;
}
