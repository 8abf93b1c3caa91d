/* Hiding paths, and making them read-only. */
#ifndef RIND_SETUP_MOUNTS_COVER_H
#define RIND_SETUP_MOUNTS_COVER_H

#include "setup/steps.h"

enum cover {
	COVER_MASK,
	COVER_PROTECT,
	COVERS,
};

/*
 * Hides PATH, or makes it read-only. One that is not there is left out where
 * OPTIONAL, else an error. Returns 0 or -1.
 */
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool optional, struct error *error);

#endif
