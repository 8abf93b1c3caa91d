/* The ids of this process. */
#include "sys/ids.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/number.h"

int id_read(const char *text, uint32_t *id)
{
	unsigned long number;

	if (number_read(text, ID_MAX, &number))
		return -1;
	*id = (uint32_t)number;
	return 0;
}

bool ids_are(uid_t uid, uid_t euid, gid_t gid)
{
	uid_t ruid;
	uid_t own_euid;
	uid_t suid;
	gid_t rgid;
	gid_t egid;
	gid_t sgid;

	if (getresuid(&ruid, &own_euid, &suid) ||
	    getresgid(&rgid, &egid, &sgid))
		return false;
	return ruid == uid && own_euid == euid && suid == uid && rgid == gid &&
	       egid == gid && sgid == gid;
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
	gid_t *groups;
	int count = ids_read_groups(&groups);

	return count >= 0 && ids_set_groups((size_t)count, groups) &&
	       errno == EPERM;
}
