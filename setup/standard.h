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

/* Finishes what is missing in /dev. Returns 0 or -1. */
int dev_finish(const struct container *container, struct error *error);

/*
 * Covers what lies bare of the standard paths, where --standard-mounts is
 * given: once before the user's mounts, and again over what they have brought.
 * A path that one of them is mounted on is the user's. Returns 0 or -1.
 */
int standard_cover(struct container *container, struct error *error);

/*
 * Hides the target, or makes it read-only. A STANDARD path may not be there, or
 * be covered already; any other that is missing is an error. Returns 0 or -1.
 */
enum cover {
	COVER_MASK,
	COVER_PROTECT,
	COVERS,
};
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool standard, struct error *error);

#endif
