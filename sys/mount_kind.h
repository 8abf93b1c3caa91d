/* The kinds of mounts that rind makes. */
#ifndef RIND_SYS_MOUNT_KIND_H
#define RIND_SYS_MOUNT_KIND_H

/* Docker's "type", which but for a bind is the file system's name. */
enum mount_kind {
	MOUNT_BIND,
	MOUNT_TMPFS,
	MOUNT_PROC,
	MOUNT_SYSFS,
	MOUNT_DEVPTS,
	MOUNT_MQUEUE,
	MOUNT_OVERLAY,
	MOUNT_KINDS,
};

/* "bind", "tmpfs", and so on. */
extern const char *const mount_kind_names[MOUNT_KINDS];

#endif
