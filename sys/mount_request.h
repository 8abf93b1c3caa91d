/* A mount that is to be made, as sys/mount_api.h takes it. */
#ifndef RIND_SYS_MOUNT_REQUEST_H
#define RIND_SYS_MOUNT_REQUEST_H

#include <stdbool.h>

#include "sys/kernel_constants.h"
#include "sys/mount_kind.h"

/* The attributes of a mount whose files are data and nothing else. */
#define MOUNT_ATTRS_DATA_ONLY \
	(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* The strings and the descriptors stay the caller's. */
struct mount_request {
	enum mount_kind kind;
	unsigned int attributes; /* MOUNT_ATTR_*, mount_setattr(2) */
	const char *data; /* the file system's options, "key[=value],..." */

	/* Of a bind alone. */
	const char *source; /* by path; NULL: by SOURCE_FD */
	int source_fd;      /* an O_PATH descriptor */
	bool recursive;     /* with the mounts below the source */

	/*
	 * The target as an absolute path below ROOT, an O_PATH descriptor:
	 * where mount(2) has made the mount, its root is looked up by that
	 * path. NULL: the target's own path outside.
	 */
	const char *path;
	int root;
};

#endif
