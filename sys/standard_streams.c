/* The standard streams: whether they are open, and who owns them. */
#include "sys/standard_streams.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sys/null_device.h"
#include "sys/procfs.h"

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

/* Opens what stderr is open on, or returns -1. */
static int reopen_stderr(const struct stat *status)
{
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = -1;
	struct stat opened;

	/* What an image has there instead would be opened to be written to. */
	if (proc >= 0 && is_procfs(proc) && procfs_shows_self(proc))
		fd = openat(proc, "self/fd/2",
			    O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (proc >= 0)
		close(proc);
	if (fd < 0 || (!fstat(fd, &opened) && opened.st_dev == status->st_dev &&
		       opened.st_ino == status->st_ino))
		return fd;
	close(fd);
	return -1;
}

int streams_open_own_stderr(void)
{
	const dev_t multiplexer = makedev(5, 2); /* pts(4) */
	bool terminal = isatty(STDERR_FILENO);
	struct stat status;
	int fd;

	if (fstat(STDERR_FILENO, &status) ||
	    !(terminal || S_ISFIFO(status.st_mode)))
		return -1;
	/* Opened anew it would be the master of another terminal. */
	if (S_ISCHR(status.st_mode) && status.st_rdev == multiplexer)
		return -1;
	fd = reopen_stderr(&status);
	/* Nothing can be written to an O_PATH descriptor: EBADF. */
	if (fd < 0 && terminal)
		fd = open("/", O_PATH | O_CLOEXEC);
	return fd;
}

void streams_take_stderr(int fd)
{
	if (fd < 0)
		return;
	(void)dup2(fd, STDERR_FILENO);
	close(fd);
}

static bool is_pipe_socket_or_terminal(int fd, const struct stat *status)
{
	return S_ISFIFO(status->st_mode) || S_ISSOCK(status->st_mode) ||
	       (S_ISCHR(status->st_mode) && isatty(fd));
}

static bool is_open_for_writing(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	int mode = flags & O_ACCMODE;

	/* 3 is for ioctl(2) alone: open(2). */
	return flags >= 0 && (mode == O_WRONLY || mode == O_RDWR);
}

/* Of pipe(2) or socketpair(2): no path leads to it. */
static bool is_anonymous(int fd)
{
	struct statfs status;

	return !fstatfs(fd, &status) &&
	       (status.f_type == PIPEFS_MAGIC || status.f_type == SOCKFS_MAGIC);
}

bool streams_may_be_given(int fd, const struct stat *status)
{
	return is_pipe_socket_or_terminal(fd, status) &&
	       (is_open_for_writing(fd) || is_anonymous(fd));
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
