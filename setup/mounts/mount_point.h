/* The places of mounts inside the new root, made where they are missing. */
#ifndef RIND_SETUP_MOUNTS_MOUNT_POINT_H
#define RIND_SETUP_MOUNTS_MOUNT_POINT_H

#include "setup/steps.h"

/* A file is mounted on a file, everything else on a directory. */
enum mount_point_kind {
	MOUNT_POINT_DIRECTORY,
	MOUNT_POINT_FILE,
};

/*
 * Opens PATH as resolve_below_root() does. What is missing of it is created,
 * directories with mode 0755 and the file with 0644, where the root is new or
 * the directory is on a tmpfs. Nothing is created through a link: one that
 * dangles is EEXIST. With --explain nothing is created either, but in a /dev of
 * rind's own: ECANCELED. Returns an O_PATH descriptor that the caller closes,
 * or -1 with errno.
 */
int mount_point_open(const struct container *container, const char *path,
		     enum mount_point_kind kind);

#endif
