/* Paths inside the new root, whatever the image's links say. */
#ifndef RIND_TARGET_H
#define RIND_TARGET_H

#include "setup/setup.h"

enum target_kind {
	TARGET_DIRECTORY,
	TARGET_FILE
};

/*
 * Opens PATH (absolute) as if ROOT, an O_PATH descriptor, were "/": links are
 * followed inside it and never out of it (openat2(2) with RESOLVE_IN_ROOT,
 * Linux 5.6; before that component by component). Returns an O_PATH descriptor
 * or -1 with errno.
 */
int target_open(int root, const char *path);

/*
 * TARGET, unless it is ROOT itself, to which a link may lead: what is mounted
 * there is below where paths begin, and covers nothing. Closes it then, and
 * returns -1 with ELOOP.
 */
int target_not_root(int root, int target);

/*
 * The same as target_open(), but never the root, and creates what is missing,
 * directories with mode 0755 and a file with 0644, where the root is new or the
 * place a tmpfs; ECANCELED where that would be done but for --explain. Never
 * through a link: one that leads nowhere is EEXIST.
 */
int target_make(const struct container *container, const char *path,
		enum target_kind kind);

#endif
