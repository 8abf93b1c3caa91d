/* What the plan's mounts say about the root and about a path. */
#ifndef RIND_SETUP_MOUNTS_PLANNED_MOUNTS_H
#define RIND_SETUP_MOUNTS_PLANNED_MOUNTS_H

#include <stdbool.h>

#include "plan.h"

/* Whether MOUNT is to be the root itself: its target is "/", or "//". */
bool mount_is_root(const struct plan_mount *mount);

/* The overlay that is to be the root itself, or NULL. */
const struct plan_mount *planned_root_overlay(const struct plan *plan);

/*
 * The directory that becomes the root, or the topmost lower layer of the
 * overlay that does: the image's files are there before anything is mounted.
 * NULL where the app gets the root that rind was started in. The string is the
 * plan's, or in the arena.
 */
const char *planned_root(const struct plan *plan);

/* Whether the user mounts on PATH itself, which has no slash at its end. */
bool planned_mount_on(const struct plan *plan, const char *path);

#endif
