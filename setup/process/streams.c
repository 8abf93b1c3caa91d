/*
 * The standard streams belong to the app's user, so that "> /dev/stdout" works
 * for it: opening /proc/self/fd/1 checks the owner of what is behind it
 * (proc_pid_fd(5); moby issue 31243).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/log.h"
#include "setup/steps.h"
#include "sys/standard_streams.h"

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

	if (app->identity.uid == app->inherited->uid ||
	    !app->plan->process.give_streams || app->plan->explain)
		return 0;
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &status))
			return error_errno(error, "streams", "stat", NULL);
		if (!streams_may_be_given(fd, &status) ||
		    status.st_uid == app->identity.uid ||
		    give_to(fd, app->identity.uid))
			continue;
		/*
		 * The stream works all the same, only opening it anew by name
		 * does not; the engine may well have withheld CAP_CHOWN.
		 */
		error_errno(error, "streams", "not given to the app's user",
			    errno == EINVAL
				    ? "is it mapped in this user namespace?"
				    : "/dev/stdout may not open for it; "
				      "needs CAP_CHOWN");
		log_line(error->line, LOG_NOW);
		break;
	}
	return 0;
}
