/* A child in a session of its own (setsid(2)). */
#include "sys/new_session.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/pidfd.h"

/* What the leader of the new session tells the caller. */
struct forked {
	pid_t pid; /* -1 with NUMBER */
	int pidfd;
	int number; /* errno */
};

/*
 * In the leader, whose descriptors are the caller's own, the pidfd included.
 * CLONE_PARENT makes its child the caller's. Returns 0 in that child alone.
 */
static pid_t lead_and_fork(int result, int pidfd)
{
	struct forked forked = { .pid = -1, .pidfd = pidfd };

	if (setsid() == getpid())
		forked.pid = pidfd_fork(CLONE_PARENT, &forked.pidfd);
	else
		errno = EPERM; /* also where a filter fakes success */
	forked.number = errno;
	if (!forked.pid)
		return 0;
	(void)!write(result, &forked, sizeof(forked));
	_exit(0);
}

static pid_t fork_by_leader(const int result[2], int *pidfd)
{
	struct forked forked = { .pid = -1 };
	ssize_t length;
	pid_t leader = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL,
				      NULL, NULL, NULL);

	if (!leader)
		return lead_and_fork(result[1], *pidfd);
	if (leader < 0)
		return -1;
	while (waitpid(leader, NULL, 0) < 0 && errno == EINTR)
		;
	length = read(result[0], &forked, sizeof(forked));
	if (length != (ssize_t)sizeof(forked))
		forked.number = ECHILD; /* SIGKILL has ended the leader */
	errno = forked.number;
	*pidfd = forked.pidfd;
	return forked.pid;
}

pid_t fork_in_new_session(int *pidfd)
{
	int result[2];
	pid_t pid;

	if (pipe2(result, O_CLOEXEC | O_NONBLOCK))
		return -1;
	pid = fork_by_leader(result, pidfd);
	if (pid) {
		int number = errno;

		close(result[0]);
		close(result[1]);
		errno = number;
	}
	return pid;
}
