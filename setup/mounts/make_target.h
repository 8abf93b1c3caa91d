/* The places of mounts inside the new root, made where they are missing. */
#ifndef RIND_SETUP_MOUNTS_MAKE_TARGET_H
#define RIND_SETUP_MOUNTS_MAKE_TARGET_H

#include "setup/steps.h"

enum target_kind {
	TARGET_DIRECTORY,
	TARGET_FILE
};

/*
 * The same as resolve_in_root(), but never the root, and creates what is
 * missing, directories with mode 0755 and a file with 0644, where the root is
 * new or the place a tmpfs; ECANCELED where that would be done but for
 * --explain. Never through a link: one that leads nowhere is EEXIST.
 */
int target_make(const struct container *container, const char *path,
		enum target_kind kind);

#endif
