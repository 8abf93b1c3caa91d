/* The standard mounts of a container. */
#ifndef RIND_SETUP_MOUNTS_STANDARD_MOUNTS_H
#define RIND_SETUP_MOUNTS_STANDARD_MOUNTS_H

#include "setup/steps.h"

/*
 * Covers the standard paths, where --standard-mounts is given: all of them, or,
 * AGAIN after one of the user's mounts, what that has laid bare. A path that
 * the user mounts on is left as it is then. Returns 0 or -1.
 */
int standard_cover(const struct container *container, bool again,
		   struct error *error);

#endif
