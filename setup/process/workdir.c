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
	return *value == '/' ? NULL : "not an absolute path";
}

static const struct option workdir_options[] = {
	{ .name = "workdir",
	  .metavar = "DIR",
	  .help = "start in DIR (rind's own*)",
	  .kind = OPTION_VALUE,
	  .read = read_workdir },
};

const struct option_table workdir_option_table = OPTION_TABLE(GROUP_PROCESS,
							      workdir_options);

static int enter(const char *path, struct error *error)
{
	const char *cure = NULL;

	if (!chdir(path))
		return 0;
	if (errno == EACCES)
		cure = "let the app's user enter it";
	if (errno == ENOENT)
		cure = "create it, or name a directory that exists";
	return error_errno(error, "workdir", path, cure);
}

/*
 * An engine that followed such a link itself has left rind in a directory of
 * the host, by which the app could leave the root (CVE-2024-21626); the kernel
 * shows that as "(unreachable)". A directory that was removed, or whose path is
 * too long, may be such a one.
 */
static int check_inside(const struct plan *plan, struct error *error)
{
	const char *path = plan->process.workdir;
	char own[PATH_MAX] = "/";
	const char *cure = NULL;

	if (plan->cures_name_options)
		cure = "give another one: --workdir=DIR";
	/* The call itself: musl's getcwd(3) hides "(unreachable)". */
	if (syscall(SYS_getcwd, own, sizeof(own)) < 0)
		return error_errno(error, "workdir", path ? path : ".", cure);
	if (*own != '/')
		return error_set(error, "workdir", own, "outside of the root",
				 cure);
	return 0;
}

static int enter_workdir(struct app *app, struct error *error)
{
	const char *path = app->plan->process.workdir;

	if (path && enter(path, error))
		return -1;
	return check_inside(app->plan, error);
}

const struct app_step workdir_step = {
	.text = { .name = "workdir", .options = { "workdir" } },
	.run = enter_workdir,
};
