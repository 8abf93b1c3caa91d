/* The standard streams. */
#ifndef RIND_SYS_STANDARD_STREAMS_H
#define RIND_SYS_STANDARD_STREAMS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/error.h"

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed, so that no file which
 * is opened later becomes the app's stdin or rind's stderr. Returns 0, or -1
 * with *ERROR.
 */
int streams_open_missing(struct error *error);

/*
 * For a process whose lines may never hold it up: opens what is to take the
 * place of stderr, a description of its own (open(2)) with O_NONBLOCK, where
 * stderr is a terminal, a pipe or a FIFO, since a terminal can be stopped
 * (termios(3), tcflow()) between poll(2) and write(2), and O_NONBLOCK on the
 * one that others have would be theirs, too. For a terminal that cannot be
 * opened anew (no /proc, no permission) it is one to which nothing can be
 * written. A pipe may stay; RWF_NOWAIT writes to it without blocking
 * (Linux 6.4). Returns a descriptor for streams_take_stderr(), or -1 where
 * stderr stays.
 */
int streams_open_own_stderr(void);

/* Puts FD in the place of stderr, and closes it; -1: stderr stays. */
void streams_take_stderr(int fd);

/*
 * Whether what is open as FD, with this STATUS, may get another owner: a pipe,
 * a socket or a terminal may, if FD can write to it or no path leads to it. A
 * FIFO or a terminal that the caller could only read would become the app's to
 * write to, by its path. A regular file outlives the container, and /dev/null
 * is shared with every process of the machine.
 */
bool streams_may_be_given(int fd, const struct stat *status);

/*
 * fchown(2), the bare call: the C library's function would change the owner of
 * an O_PATH descriptor by /proc/self/fd, where an image may have links. Returns
 * 0, or -1 with errno (EBADF for such a descriptor).
 */
int streams_chown(int fd, uid_t uid, gid_t gid);

/*
 * Gives the streams that may be given to UID and GID, the root of a new user
 * namespace as seen from outside: CAP_CHOWN inside works only on a file whose
 * owner is mapped there. A stream that cannot be given is left as it is.
 */
void streams_give(uid_t uid, gid_t gid);

#endif
