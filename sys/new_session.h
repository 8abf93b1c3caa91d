/* A child in a session of its own (setsid(2)). */
#ifndef RIND_SYS_NEW_SESSION_H
#define RIND_SYS_NEW_SESSION_H

#include <sys/types.h>

/*
 * pidfd_fork() into a new session, which has no terminal and never gets one:
 * only a leader can open a terminal for its session, and this one's has ended.
 * The caller stays in its own session. Returns as fork(2), -1 with errno.
 * SIGCHLD must not be ignored.
 */
pid_t fork_in_new_session(int *pidfd);

#endif
