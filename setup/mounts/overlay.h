/* Overlay mounts (the kernel's filesystems/overlayfs.rst). */
#ifndef RIND_SETUP_MOUNTS_OVERLAY_H
#define RIND_SETUP_MOUNTS_OVERLAY_H

#include "setup/steps.h"

/*
 * The topmost of the lower layers of OVERLAY, in new memory: up to the first
 * colon, of which "\\:" is none.
 */
char *overlay_top(const struct plan_mount *overlay);

/*
 * Attaches the overlay on TARGET; with a lowerdir alone its upper layer is a
 * tmpfs that nobody can name and that goes with the container, so that an image
 * is run without a write to it; so it is with --explain. Returns an O_PATH
 * descriptor of the mount's root, or -1 with errno.
 */
int overlay_make(const struct container *container,
		 const struct plan_mount *mount, int target);

#endif
