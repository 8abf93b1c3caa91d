/* Processes by descriptor. */
#include "sys/pidfd.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/resident.h"
#include "sys/kernel_constants.h"

_Static_assert(sizeof(struct pidfd_info) == PIDFD_INFO_SIZE_VER0,
	       "the kernel takes the size of the record for its version");

/* musl's ioctl(2) takes an int. */
static const int get_info = (int)PIDFD_GET_INFO;

RESIDENT int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/*
 * clone3 would do the same, but filters that cannot look into its arguments
 * refuse it.
 */
pid_t pidfd_fork(int flags, int *pidfd)
{
	return (pid_t)syscall(SYS_clone, flags | CLONE_PIDFD | SIGCHLD, NULL,
			      pidfd, NULL, NULL);
}

RESIDENT int pidfd_signal(int pidfd, int signal, siginfo_t *info,
			  enum pidfd_target target)
{
	unsigned int flags = target == PIDFD_GROUP ? PIDFD_SIGNAL_PROCESS_GROUP
						   : 0;

	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, info, flags);
}

RESIDENT bool pidfd_has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0) == 1;
}

bool pidfd_keeps_exit(int pidfd)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_COREDUMP };

	return !ioctl(pidfd, get_info, &info) &&
	       info.mask & PIDFD_INFO_COREDUMP;
}

RESIDENT bool pidfd_read_exit(int pidfd, int *wait_status)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_EXIT };

	if (ioctl(pidfd, get_info, &info) || !(info.mask & PIDFD_INFO_EXIT))
		return false;
	*wait_status = info.exit_code;
	return true;
}
