/* Who the app is: looked up before the root is rind's own. */
#ifndef RIND_SETUP_IDENTITY_USER_H
#define RIND_SETUP_IDENTITY_USER_H

#include "setup/setup.h"

/*
 * The uid and gid that the user of PLAN stands for in the files of ROOT, an
 * O_PATH descriptor; a group by name is not looked for. Returns 0 or -1.
 */
int user_find_inside(int root, const struct plan_identity *plan,
		     struct identity *id, struct error *error);

#endif
