/* The standard streams. */
#ifndef RIND_SYS_STANDARD_STREAMS_H
#define RIND_SYS_STANDARD_STREAMS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "lib/error.h"

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed, so that no file which
 * is opened later becomes the app's stdin or rind's stderr. Returns 0 or -1.
 */
int streams_open_missing(struct error *error);

/*
 * Whether what is open there, with this STATUS, may become somebody else's:
 * never a regular file, which outlives the container, and never /dev/null,
 * which every process of the machine shares.
 */
bool streams_may_be_given(int fd, const struct stat *status);

/*
 * From outside of a user namespace: makes UID and GID, its root, the owner of
 * those streams that are later given to the app's user, which needs an owner
 * that is known inside (CAP_CHOWN, capabilities(7)). As far as it may.
 */
void streams_give(uid_t uid, gid_t gid);

#endif
