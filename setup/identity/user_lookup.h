/*
 * From the names and numbers of the plan to an identity, by the image's own
 * /etc/passwd and /etc/group. Nothing here changes the process.
 */
#ifndef RIND_SETUP_IDENTITY_USER_LOOKUP_H
#define RIND_SETUP_IDENTITY_USER_LOOKUP_H

#include "setup/setup.h"

/*
 * Fills in what PLAN names; *ID comes with the ids that rind has, which stay
 * where nothing is named. The groups are not sorted. Returns 0, or -1 with
 * *ERROR.
 */
int user_look_up(const struct plan *plan, struct identity *id,
		 struct error *error);

/*
 * The uid and gid that the user of PLAN stands for in the files of ROOT, an
 * O_PATH descriptor; a group by name is not looked for. Returns 0, or -1 with
 * *ERROR.
 */
int user_look_up_inside(int root, const struct plan_identity *plan,
			struct identity *id, struct error *error);

#endif
