/* Hiding paths, and making them read-only. */
#ifndef RIND_SETUP_MOUNTS_COVER_H
#define RIND_SETUP_MOUNTS_COVER_H

#include "setup/steps.h"

enum cover {
	COVER_MASK,    /* the path becomes empty */
	COVER_PROTECT, /* the path becomes read-only */
	COVERS,
};

/*
 * Covers PATH, absolute inside the new root. A path that does not exist is left
 * out where OPTIONAL, else an error. Returns 0, or -1 with *ERROR.
 */
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool optional, struct error *error);

#endif
