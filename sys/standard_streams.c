/* The standard streams: whether they are open, and who owns them. */
#include "sys/standard_streams.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/null_device.h"

int streams_open_missing(struct error *error)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* open(2) takes the lowest free number: FD, as those below are
		 * open. */
		if (open("/dev/null", O_RDWR) != fd ||
		    !is_open_on_null_device(fd))
			return error_errno(error, "streams", names[fd],
					   "start rind with it open, or with "
					   "a working /dev/null");
	}
	return 0;
}

bool streams_may_be_given(int fd, const struct stat *status)
{
	return S_ISFIFO(status->st_mode) || S_ISSOCK(status->st_mode) ||
	       (S_ISCHR(status->st_mode) && isatty(fd));
}

int streams_chown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_fchown, fd, uid, gid);
}

void streams_give(uid_t uid, gid_t gid)
{
	struct stat status;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (!fstat(fd, &status) && streams_may_be_given(fd, &status))
			(void)streams_chown(fd, uid, gid);
}
