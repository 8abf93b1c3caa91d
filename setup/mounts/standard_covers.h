/* The covers of --standard-mounts: paths of /proc and /sys. */
#ifndef RIND_SETUP_MOUNTS_STANDARD_COVERS_H
#define RIND_SETUP_MOUNTS_STANDARD_COVERS_H

#include "setup/steps.h"

/*
 * With --standard-mounts: hides the paths of standard_masked, and makes those
 * of standard_protected read-only (sys/standard_paths.h). A path that the user
 * mounts on is left to the user. Returns 0, or -1 with *ERROR.
 */
int standard_covers_make(const struct container *container,
			 struct error *error);

/*
 * The same for the paths that a mount of the user's, made since, has laid bare:
 * another procfs over /proc, for one.
 */
int standard_covers_repair(const struct container *container,
			   struct error *error);

#endif
