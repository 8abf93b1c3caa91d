/* The values of --mount, --tmpfs, --mask and --protect: Docker's grammar. */
#ifndef RIND_SETUP_MOUNTS_MOUNT_GRAMMAR_H
#define RIND_SETUP_MOUNTS_MOUNT_GRAMMAR_H

#include "plan.h"

/*
 * Each reads VALUE into *MOUNT, a new one in the arena. The strings in it are
 * parts of VALUE or in the arena. Returns NULL, or the reason why VALUE is
 * refused, for a message.
 */

/* "type=TYPE,target=PATH[,KEY[=VALUE]]..." */
const char *mount_read(const char *value, struct plan_mount **mount);

/* "PATH[:OPTION[,OPTION]...]", with Docker's nosuid, nodev, noexec. */
const char *tmpfs_read(const char *value, struct plan_mount **mount);

/* "PATH", which is the mount's target. */
const char *covered_path_read(const char *value, struct plan_mount **mount);

#endif
