/* The ids of this process. */
#include "sys/ids.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"

bool ids_are(uid_t uid, gid_t gid)
{
	uid_t u[3];
	gid_t g[3];

	return !getresuid(&u[0], &u[1], &u[2]) &&
	       !getresgid(&g[0], &g[1], &g[2]) && u[0] == uid && u[1] == uid &&
	       u[2] == uid && g[0] == gid && g[1] == gid && g[2] == gid;
}

int ids_read_groups(gid_t **groups)
{
	int count = getgroups(0, NULL);

	if (count < 0)
		return -1;
	*groups = arena_alloc_array((size_t)count, sizeof(**groups));
	return getgroups(count, *groups);
}

int ids_set_groups(size_t count, const gid_t *groups)
{
	return (int)syscall(SYS_setgroups, count, groups);
}

bool ids_groups_are_frozen(void)
{
	gid_t *own;
	int count = ids_read_groups(&own);

	return count >= 0 && ids_set_groups((size_t)count, own) &&
	       errno == EPERM;
}
