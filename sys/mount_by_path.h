/*
 * Mounts by mount(2), which takes paths: those of /proc/self/fd, so that no
 * link of an image can be in the way. For kernels before Linux 5.12, and for
 * engines whose filter does not know the calls of sys/mount_api.c.
 */
#ifndef RIND_SYS_MOUNT_BY_PATH_H
#define RIND_SYS_MOUNT_BY_PATH_H

#include "sys/mount_request.h"

/*
 * As mount_make(), but a bind has its attributes only a moment after it can be
 * seen. ENOENT where no /proc is mounted; ENAMETOOLONG where the file system's
 * options exceed a page.
 */
int mount_by_path(const struct mount_request *request, int target);

/*
 * Sets and clears attributes (MOUNT_ATTR_*) of the mount whose root FD is; all
 * others stay. Returns 0, or -1 with errno.
 */
int remount(int fd, unsigned int set, unsigned int clear);

/* Sets attributes of the mount whose root FD is, and of all mounts below it. */
int remount_tree(int fd, unsigned int set);

#endif
