/* Why a mount failed, and what helps. */
#ifndef RIND_SETUP_MOUNTS_MOUNT_ERROR_H
#define RIND_SETUP_MOUNTS_MOUNT_ERROR_H

#include "lib/error.h"

/*
 * Fills *ERROR with "mounts: SUBJECT on PATH: REASON (CURE)", the reason and
 * the cure by errno. SUBJECT is a kind of mount, or a part of the work, as
 * "target". Returns -1.
 */
int mount_error(const char *subject, const char *path, struct error *error);

/*
 * Ends the making of a mount: closes MOUNT, its root, and TARGET, the
 * descriptor that it was made on. Where one is -1, fills *ERROR from errno, of
 * SUBJECT or of "target". Returns 0 or -1.
 */
int mount_finish(int mount, int target, const char *subject, const char *path,
		 struct error *error);

#endif
