/* The owner of a mount's root, by name. */
#ifndef RIND_SETUP_MOUNTS_MOUNT_OWNER_H
#define RIND_SETUP_MOUNTS_MOUNT_OWNER_H

#include "lib/error.h"

/*
 * DATA, the options of a file system, with a number for each name in "uid="
 * and "gid=", looked up in the files of ROOT, an O_PATH descriptor. The result
 * is in the arena; NULL with *ERROR.
 */
const char *mount_data_by_number(int root, const char *data,
				 struct error *error);

#endif
