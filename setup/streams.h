/* The standard streams. */
#ifndef RIND_STREAMS_H
#define RIND_STREAMS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed, so that no file which
 * is opened later becomes the app's stdin or rind's stderr. Returns 0 or -1.
 */
int streams_open_missing(struct error *error);

/* An image may hold another thing of that name; errno is ENODEV then. */
bool streams_is_dev_null(int fd);

/*
 * From outside of a user namespace: makes UID and GID, its root, the owner of
 * those streams that are later given to the app's user, which needs an owner
 * that is known inside (CAP_CHOWN, capabilities(7)). As far as it may.
 */
void streams_give(uid_t uid, gid_t gid);

#endif
