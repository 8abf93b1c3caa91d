/*
 * Mounts by descriptor: open_tree(2), fsopen(2), fsmount(2) and move_mount(2)
 * (Linux 5.2), mount_setattr(2) (Linux 5.12). Where the kernel or an engine's
 * filter does not have them, mount(2) does the same (sys/mount_by_path.h).
 */
#ifndef RIND_SYS_MOUNT_API_H
#define RIND_SYS_MOUNT_API_H

#include <stdbool.h>

#include "sys/mount_request.h"

/*
 * Makes the mount and attaches it on TARGET, an O_PATH descriptor that stays
 * open. By descriptor the mount has its attributes before anybody can see it.
 * Returns an O_PATH descriptor of the mount's root, which the caller closes, or
 * -1 with errno.
 */
int mount_make(const struct mount_request *request, int target);

/*
 * Adds ATTRIBUTES to the mount whose root FD is, and, if RECURSIVE, to all
 * mounts below it. Attributes that a user namespace has locked stay
 * (mount_namespaces(7)). Returns 0, or -1 with errno.
 */
int mount_restrict(int fd, unsigned int attributes, bool recursive);

/* Whether FD's mount, or its file system, is read-only. */
bool mount_is_read_only(int fd);

/*
 * Clears MOUNT_ATTR_RDONLY on the mount whose root FD is. Where the attribute
 * is locked the mount stays read-only, which a later write will show.
 */
void mount_allow_writes(int fd);

#endif
