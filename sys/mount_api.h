/*
 * Mounts by descriptor: open_tree(2), fsopen(2), move_mount(2) (Linux 5.2) and
 * mount_setattr(2) (5.12), or mount(2) with the same result where the kernel or
 * a filter does not have them.
 */
#ifndef RIND_SYS_MOUNT_API_H
#define RIND_SYS_MOUNT_API_H

#include <stdbool.h>

#include "plan.h"

/* linux/mount.h, which cannot be included beside the C library's own. */
enum {
	ATTR_RDONLY = 0x1,
	ATTR_NOSUID = 0x2,
	ATTR_NODEV = 0x4,
	ATTR_NOEXEC = 0x8,
	ATTR_NORMAL = ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC,
};

/* The names of the kinds, in their order. */
extern const char mount_types[MOUNT_KINDS][8];

struct mount_request {
	enum mount_kind kind;
	unsigned int attributes;
	const char *source; /* what is bound, by path; NULL: */
	int source_fd;      /* by O_PATH descriptor */
	bool recursive;     /* a bind takes what is mounted below along */
	const char *data;   /* "key[=value],...", or NULL */
	/* Where to find the target again, below ROOT; NULL: by its own name. */
	const char *path;
	int root;
};

/*
 * Makes the mount and attaches it on TARGET, an O_PATH descriptor. With the new
 * calls it has its attributes before anybody can see it, recursively where it
 * is recursive. Returns an O_PATH descriptor of the mount's root (close it), or
 * -1 with errno.
 */
int mount_make(const struct mount_request *request, int target);

/*
 * Adds attributes to the mount of which FD is the root, and to all below it
 * where RECURSIVE. What a user namespace has locked stays as it is. 0 or -1.
 */
int mount_restrict(int fd, unsigned int attributes, bool recursive);

/* Whether the mount of FD or its file system is. */
bool mount_is_read_only(int fd);

/* Takes ATTR_RDONLY from the mount of which FD is the root, if that is allowed.
 */
void mount_allow_writes(int fd);

/*
 * Where a descriptor leads as a path, without a slash at its end. Returns 0, or
 * -1 with errno.
 */
int mount_place(int fd, char *place, size_t size);

#endif
