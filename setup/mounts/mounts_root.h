/* What becomes the root. */
#ifndef RIND_SETUP_MOUNTS_MOUNTS_ROOT_H
#define RIND_SETUP_MOUNTS_MOUNTS_ROOT_H

#include "plan.h"

/* Whether MOUNT is to be the root itself: its target is "/". */
bool mounts_is_root(const struct plan_mount *mount);

/* The overlay that is to be the root itself, or NULL. */
const struct plan_mount *mounts_root_overlay(const struct plan *plan);

/*
 * The directory that becomes the root, or the upper one of an overlay's lower
 * layers; NULL where the app gets the root that rind was started in.
 */
const char *mounts_root(const struct plan *plan);

#endif
