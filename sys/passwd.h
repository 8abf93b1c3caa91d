/*
 * /etc/passwd and /etc/group of the image, read by their own format (passwd(5),
 * group(5)): one pass, no NSS, no socket to a name service, nothing cached.
 */
#ifndef RIND_SYS_PASSWD_H
#define RIND_SYS_PASSWD_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/error.h"

/* NGROUPS_MAX of linux/limits.h; musl's limits.h has a smaller number. */
#define GROUPS_MAX 65536

struct passwd_entry {
	uid_t uid;
	gid_t gid;
	/* In the arena. */
	const char *name, *home, *shell;
};

/*
 * LOOKUP_FAILED comes with *ERROR: the file cannot be read, or the line that
 * was asked for is malformed. Half a line must never become half a user.
 */
enum lookup {
	LOOKUP_FAILED = -1,
	LOOKUP_NOT_FOUND, /* also where there is no such file */
	LOOKUP_FOUND,
};

/*
 * ROOT is an O_PATH descriptor of the root whose files are read, where that is
 * not rind's own yet; a link in them cannot lead out of it (sys/resolve.h). -1:
 * rind's own root.
 */
enum lookup passwd_by_name(int root, const char *name,
			   struct passwd_entry *entry, struct error *error);
enum lookup passwd_by_uid(int root, uid_t uid, struct passwd_entry *entry,
			  struct error *error);
enum lookup group_by_name(int root, const char *name, gid_t *gid,
			  struct error *error);

/*
 * Appends the gids of all groups that list USER as a member to *GROUPS, an
 * array of *COUNT in the arena. Returns 0, or -1 with *ERROR.
 */
int groups_of_user(const char *user, gid_t **groups, size_t *count,
		   struct error *error);

/* Appends one gid. Returns 0, or -1 with *ERROR: the kernel takes no more. */
int groups_append(gid_t gid, gid_t **groups, size_t *count,
		  struct error *error);

#endif
