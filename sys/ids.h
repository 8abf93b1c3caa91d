/* The ids of this process (credentials(7)). */
#ifndef RIND_SYS_IDS_H
#define RIND_SYS_IDS_H

#include <stdbool.h>
#include <sys/types.h>

/* How the kernel shows an id that is not mapped (proc_sys_fs(5)). */
enum {
	OVERFLOW_ID = 65534
};

/*
 * Whether the real, effective and saved ids are all UID and GID. False also
 * where they cannot be read.
 */
bool ids_are(uid_t uid, gid_t gid);

/*
 * Puts the supplementary groups into *GROUPS, in the arena. Returns their
 * number, or -1 with errno.
 */
int ids_read_groups(gid_t **groups);

/*
 * Whether this user namespace forbids setgroups(2) (/proc/PID/setgroups is
 * "deny", user_namespaces(7)). Found out by setting the groups that are there
 * already, which changes nothing.
 */
bool ids_groups_are_frozen(void);

/* setgroups(2), without musl's loop over threads. Returns 0, or -1 with errno.
 */
int ids_set_groups(size_t count, const gid_t *groups);

#endif
