/*
 * Processes by descriptor (pidfd_open(2)): a signal never reaches another
 * process that got the pid of one that has ended.
 */
#ifndef RIND_SYS_PIDFD_H
#define RIND_SYS_PIDFD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* pidfd_open(2), Linux 5.3; close-on-exec. -1 with errno. */
int pidfd_of(pid_t pid);

/*
 * clone(2) with FLAGS as a fork that also gives a pidfd (Linux 5.2; before that
 * the kernel ignores the wish and *PIDFD stays as it was). Returns as fork(2).
 */
pid_t pidfd_fork(int flags, int *pidfd);

enum pidfd_target {
	PIDFD_PROCESS,
	PIDFD_GROUP
};

/*
 * pidfd_send_signal(2), Linux 5.1; to the process group that the process leads
 * since 6.9 (EINVAL before). INFO may be NULL. Returns 0, or -1 with errno.
 */
int pidfd_signal(int pidfd, int signal, siginfo_t *info,
		 enum pidfd_target target);

/* Whether the process has ended, reaped or not (poll(2), Linux 5.3). */
bool pidfd_has_ended(int pidfd);

/*
 * Whether the kernel will keep the exit code of PIDFD's process beyond its
 * reaping: asked of a living process, for a later kernel's answer that every
 * kernel with this one gives (Linux 6.16, a version after the record itself).
 */
bool pidfd_keeps_exit(int pidfd);

/*
 * Reads the wait status (wait(2)) of PIDFD's process from the kernel's record.
 * It is there from the moment that poll(2) tells by POLLHUP: reaped, while
 * POLLIN is for exited (Linux 6.15). Returns false where there is none.
 */
bool pidfd_read_exit(int pidfd, int *wait_status);

#endif
