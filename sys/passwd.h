/*
 * /etc/passwd and /etc/group of the image, read by their own format (passwd(5),
 * group(5)): one pass, no NSS, no socket to a name service, nothing cached.
 */
#ifndef RIND_SYS_PASSWD_H
#define RIND_SYS_PASSWD_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/error.h"

/* (uid_t)-1 means "no change" to the kernel and is no user. */
#define ID_MAX 4294967294UL

/* NGROUPS_MAX of linux/limits.h; musl's limits.h has a smaller number. */
#define GROUPS_MAX 65536

/* The sentence for text that is meant as an id and is none. */
#define ID_REASON "not a number from 0 to 4294967294"

struct passwd_entry {
	uid_t uid;
	gid_t gid;
	/* Allocated; never freed: the app needs them. */
	const char *name, *home, *shell;
};

/*
 * ROOT is an O_PATH descriptor of the root whose files are meant, while that is
 * not yet rind's own; its links lead nowhere out of it (target.h). -1: "/".
 *
 * The lookups return 1 when found, 0 when not (or when the file is not there),
 * and -1 with *ERROR where the file cannot be read or the line that was asked
 * for is broken: half a line must never become half a user.
 */
int passwd_by_name(int root, const char *name, struct passwd_entry *entry,
		   struct error *error);
int passwd_by_uid(int root, uid_t uid, struct passwd_entry *entry,
		  struct error *error);
int group_by_name(const char *name, gid_t *gid, struct error *error);

/*
 * Appends the gids of all groups that list USER as a member to *GROUPS, which
 * holds *COUNT and is grown with realloc(3). Returns 0 or -1.
 */
int groups_of_user(const char *user, gid_t **groups, size_t *count,
		   struct error *error);

/* Appends one gid; -1 where the kernel's limit is reached. */
int groups_append(gid_t gid, gid_t **groups, size_t *count,
		  struct error *error);

#endif
