/* The ids of this process (credentials(7)). */
#ifndef RIND_SYS_IDS_H
#define RIND_SYS_IDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the kernel shows an id that is not mapped (proc_sys_fs(5)). */
enum {
	OVERFLOW_ID = 65534
};

/* (uid_t)-1 means "no change" to the kernel and is no user. */
#define ID_MAX 4294967294UL

/* The reason for text that was to be an id. */
#define ID_REASON "not a number from 0 to 4294967294"

/* Reads a decimal uid or gid. Returns 0, or -1 with *ID untouched. */
int id_read(const char *text, uint32_t *id);

/*
 * Whether the real and saved uid are UID, the effective one EUID, and all three
 * gids GID. False also where they cannot be read.
 */
bool ids_are(uid_t uid, uid_t euid, gid_t gid);

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
