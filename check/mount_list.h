/* The mounts of a process, out of its mountinfo (proc_pid_mountinfo(5)). */
#ifndef RIND_CHECK_MOUNT_LIST_H
#define RIND_CHECK_MOUNT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mount {
	uint64_t id, parent;
	const char *root;  /* what of the file system is mounted … */
	const char *point; /* … and where */
	const char *type;
	const char *options; /* of the file system */
	bool readonly;       /* the mount or the file system behind it */
};

struct mounts {
	struct mount *list; /* of the arena, as all their texts */
	size_t count;
};

/*
 * Reads PROC/mountinfo, PROC being a process' directory in /proc, or -1.
 * Returns false where it cannot be read or has a line that is none.
 */
bool mounts_read(int proc, struct mounts *mounts);

/* Whether what is written there goes to more than the kernel's memory. */
bool mount_is_storage(const struct mount *mount);

/* Whether something can be written there, and no other mount lies over it. */
bool mount_is_writable(const struct mounts *mounts, const struct mount *mount);

#endif
