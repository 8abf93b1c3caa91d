/* The ids of this process (credentials(7)). */
#ifndef RIND_SYS_IDS_H
#define RIND_SYS_IDS_H

#include <stdbool.h>
#include <sys/types.h>

/* How the kernel shows an id that is not mapped: overflowuid, proc_sys_fs(5).
 */
enum {
	OVERFLOW_ID = 65534
};

/* Whether the real, effective and saved ids are all UID and GID. */
bool ids_are(uid_t uid, gid_t gid);

/* Puts this process' groups into *GROUPS; returns how many, or -1 with errno.
 */
int ids_read_groups(gid_t **groups);

/*
 * A user namespace with one line in its gid_map may not change groups at all
 * (user_namespaces(7), "deny"): asking for the ones at hand tells, and changes
 * nothing.
 */
bool ids_groups_are_frozen(void);

/* setgroups(2) without musl's detour over threads. Returns 0 or -1. */
int ids_set_groups(size_t count, const gid_t *groups);

#endif
