/* The names of the kinds of mounts. */
#include "sys/mount_kind.h"

const char *const mount_kind_names[MOUNT_KINDS] = {
	[MOUNT_BIND] = "bind",       [MOUNT_TMPFS] = "tmpfs",
	[MOUNT_PROC] = "proc",       [MOUNT_SYSFS] = "sysfs",
	[MOUNT_DEVPTS] = "devpts",   [MOUNT_MQUEUE] = "mqueue",
	[MOUNT_OVERLAY] = "overlay",
};
