/*
 * The standard streams belong to the app's user, so that "> /dev/stdout" works
 * for it: opening /proc/self/fd/1 checks the owner of what is behind it
 * (proc_pid_fd(5); moby issue 31243).
 */
#include "setup/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/packed.h"
#include "base/say.h"
#include "setup/rooms.h"

bool streams_is_dev_null(int fd)
{
	struct stat status;

	errno = ENODEV;
	return !fstat(fd, &status) && S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(1, 3);
}

int streams_open_missing(struct error *error)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };

	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number, and those below are all open. */
		if (open("/dev/null", O_RDWR) != fd || !streams_is_dev_null(fd))
			return error_errno(
				error, "streams", names[fd],
				TEXT("it is closed, and /dev/null cannot "
				     "take its place"));
	}
	return 0;
}

/*
 * Never a regular file, which outlives the container, and never /dev/null,
 * which every process of the machine shares.
 */
static int is_ours_to_give(int fd, const struct stat *status)
{
	return S_ISFIFO(status->st_mode) || S_ISSOCK(status->st_mode) ||
	       (S_ISCHR(status->st_mode) && isatty(fd));
}

void streams_give(uid_t uid, gid_t gid)
{
	struct stat status;

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &status) && is_ours_to_give(fd, &status))
			(void)fchown(fd, uid, gid);
}

/* A filter may say yes and change nothing, for package managers' sake. */
static bool give_to(int fd, uid_t uid)
{
	struct stat status;

	errno = EPERM;
	return !fchown(fd, uid, (gid_t)-1) && !fstat(fd, &status) &&
	       status.st_uid == uid;
}

int streams_setup(struct app *app, struct error *error)
{
	struct stat status;

	if (app->identity.uid == app->start->uid || app->plan->quirks ||
	    app->plan->explain)
		return 0;
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &status))
			return error_errno(error, "streams", "stat", NULL);
		if (!is_ours_to_give(fd, &status) ||
		    status.st_uid == app->identity.uid ||
		    give_to(fd, app->identity.uid))
			continue;
		/*
		 * The stream works all the same, only opening it anew by name
		 * does not; the engine may well have withheld CAP_CHOWN.
		 */
		error_errno(
			error, "streams", "not given to the app's user",
			errno == EINVAL
				? TEXT("is it mapped in this user namespace?")
				: TEXT("/dev/stdout may not open for it; "
				       "needs CAP_CHOWN"));
		say(error->line, SAY_NOW);
		break;
	}
	return 0;
}
