/* What went wrong with a mount, and what helps. */
#ifndef RIND_SETUP_MOUNTS_MOUNT_ERROR_H
#define RIND_SETUP_MOUNTS_MOUNT_ERROR_H

#include "lib/error.h"

/* "WHAT on PATH: REASON (CURE)" of the step "mounts", from errno. Returns -1.
 */
int mount_error(const char *what, const char *path, struct error *error);

/*
 * Ends a mount: says so where MADE, its root, is -1, and closes that and
 * TARGET, what it was made on. Returns 0 or -1.
 */
int mount_end(int made, int target, const char *what, const char *path,
	      struct error *error);

#endif
