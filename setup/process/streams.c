/*
 * The standard streams belong to the app's user, so that "> /dev/stdout" works
 * for it: opening /proc/self/fd/1 checks the owner of what is behind it
 * (proc_pid_fd(5); moby issue 31243).
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/log.h"
#include "setup/steps.h"
#include "sys/standard_streams.h"

/*
 * Returns 0, or -1 with errno. A system call filter may fake success for
 * package managers that run as no root: that is EPERM.
 */
static int give_stream(int fd, uid_t uid)
{
	struct stat status;

	if (streams_chown(fd, uid, (gid_t)-1) || fstat(fd, &status))
		return -1;
	if (status.st_uid == uid)
		return 0;
	errno = EPERM;
	return -1;
}

/*
 * The stream works all the same, only opening it anew by its name does not; the
 * engine may well have withheld CAP_CHOWN.
 */
static void warn(struct error *error)
{
	const char *cure = "start rind with CAP_CHOWN, or opening /dev/stdout "
			   "may fail";

	if (errno == EINVAL)
		cure = "choose a uid that is mapped in this user namespace";
	error_errno(error, "streams", "not given to the app's user", cure);
	log_line(error->line, LOG_NOW);
}

static int give_streams(struct app *app, struct error *error)
{
	uid_t uid = app->identity.uid;
	struct stat status;

	if (uid == app->inherited->uid || !app->plan->process.give_streams ||
	    app->plan->explain)
		return 0;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &status))
			return error_errno(error, "streams", "stat", NULL);
		if (status.st_uid == uid || !streams_may_be_given(fd, &status))
			continue;
		if (give_stream(fd, uid)) {
			warn(error);
			break;
		}
	}
	return 0;
}

const struct app_step streams_step = {
	.text = { .name = "streams",
		  .defaults = { { NULL, "0, 1 and 2 belong to the user" } } },
	.run = give_streams,
};
