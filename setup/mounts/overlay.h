/* Overlay mounts (Documentation/filesystems/overlayfs.rst of the kernel). */
#ifndef RIND_SETUP_MOUNTS_OVERLAY_H
#define RIND_SETUP_MOUNTS_OVERLAY_H

#include <stdbool.h>

#include "plan.h"

/*
 * The path of the topmost lower layer of OVERLAY, in the arena: lowerdir up to
 * its first colon, where "\:" is a colon of the path itself.
 */
const char *overlay_top_layer(const struct plan_mount *overlay);

/*
 * Attaches OVERLAY on TARGET, an O_PATH descriptor that stays open. Without an
 * upperdir the upper layer is a tmpfs that has no name and ends with the
 * container, so that an image runs without a write to it. So it is if
 * LEAVE_NO_TRACE, for --explain: the kernel makes files in a workdir. Returns
 * an O_PATH descriptor of the mount's root, which the caller closes, or -1 with
 * errno: EROFS where the kernel could not use the workdir.
 */
int overlay_mount(const struct plan_mount *overlay, int target,
		  bool leave_no_trace);

#endif
