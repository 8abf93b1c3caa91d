/* Processes by descriptor. */
#include "sys/pidfd.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/resident.h"

/* include/uapi/linux/pidfd.h; Linux 6.13, EXIT since 6.15, COREDUMP 6.16. */
struct pidfd_info {
	uint64_t mask;
	uint64_t cgroup;
	uint32_t ids[11]; /* pid, tgid, ppid, and the uids and gids */
	int32_t exit_code;
};

_Static_assert(sizeof(struct pidfd_info) == 64, "PIDFD_INFO_SIZE_VER0");

/* musl's ioctl(2) takes an int. */
#define PIDFD_GET_INFO (int)_IOWR(0xFF, 11, struct pidfd_info)
#define PIDFD_INFO_EXIT (1U << 3)
#define PIDFD_INFO_COREDUMP (1U << 4)

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
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, info, target);
}

RESIDENT bool pidfd_has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0) == 1;
}

bool pidfd_keeps_exit(int pidfd)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_COREDUMP };

	return !ioctl(pidfd, PIDFD_GET_INFO, &info) &&
	       info.mask & PIDFD_INFO_COREDUMP;
}

RESIDENT bool pidfd_read_exit(int pidfd, int *wait_status)
{
	struct pidfd_info info = { .mask = PIDFD_INFO_EXIT };

	if (ioctl(pidfd, PIDFD_GET_INFO, &info) ||
	    !(info.mask & PIDFD_INFO_EXIT))
		return false;
	*wait_status = info.exit_code;
	return true;
}
