/* Supplementary groups (credentials(7)): which, and whether they can go. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/packed.h"
#include "setup/rooms.h"

static int compare_gids(const void *left, const void *right)
{
	gid_t a = *(const gid_t *)left;
	gid_t b = *(const gid_t *)right;

	return a < b ? -1 : a > b;
}

void groups_order(struct identity *id)
{
	size_t kept = 0;

	if (!id->groups)
		return;
	sort(id->groups, id->group_count, sizeof(gid_t), compare_gids);
	for (size_t i = 0; i < id->group_count; i++)
		if (!kept || id->groups[kept - 1] != id->groups[i])
			id->groups[kept++] = id->groups[i];
	id->group_count = kept;
}

int groups_read(gid_t **own)
{
	int count = getgroups(0, NULL);

	if (count < 0)
		return -1;
	/* One more: see groups_stand(). */
	*own = malloc(((size_t)count + 1) * sizeof(**own));
	return getgroups(count, *own);
}

int groups_stand(const struct identity *id)
{
	gid_t *own;
	int count = groups_read(&own);

	if (count < 0)
		return -1;
	if ((size_t)count + 1 == id->group_count && id->gid == getegid())
		own[count++] = id->gid;
	if ((size_t)count != id->group_count)
		return 0;
	sort(own, (size_t)count, sizeof(gid_t), compare_gids);
	return !count || !memcmp(own, id->groups, (size_t)count * sizeof(*own));
}

/* musl's wrappers would stop and signal threads that rind does not have. */
static int set_groups(size_t count, const gid_t *groups)
{
	return (int)syscall(SYS_setgroups, count, groups);
}

bool groups_are_frozen(void)
{
	gid_t *own;
	int count = groups_read(&own);

	return count >= 0 && set_groups((size_t)count, own) && errno == EPERM;
}

int groups_setup(struct app *app, struct error *error)
{
	const struct identity *id = &app->identity;

	if (id->set_groups && set_groups(id->group_count, id->groups))
		return error_errno(error, "user", "groups",
				   TEXT("needs CAP_SETGID"));
	return 0;
}
