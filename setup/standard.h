/* The standard mounts of a container, and what is masked and protected in it.
 */
#ifndef RIND_STANDARD_H
#define RIND_STANDARD_H

#include "setup/setup.h"

/*
 * What the OCI runtimes mask and protect by default (linux.maskedPaths and
 * linux.readonlyPaths of "runc spec"): paths one behind the other, each with a
 * NUL, and an empty one at the end.
 */
extern const char standard_masked[], standard_protected[];

/* Whether DIRECTORY has a null device, by that name and no link. */
bool dev_has_null(int directory);

/* Finishes what is missing in /dev. Returns 0 or -1. */
int dev_finish(const struct container *container, struct error *error);

/*
 * Covers the standard paths, where --standard-mounts is given: all of them, or,
 * AGAIN after one of the user's mounts, what that has laid bare. A path that
 * the user mounts on is left as it is then. Returns 0 or -1.
 */
int standard_cover(const struct container *container, bool again,
		   struct error *error);

/*
 * Hides the target, or makes it read-only. Paths that are not there are left
 * out where OPTIONAL, else they are an error. Returns 0 or -1.
 */
enum cover {
	COVER_MASK,
	COVER_PROTECT,
	COVERS,
};
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool optional, struct error *error);

#endif
