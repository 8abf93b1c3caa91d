/* Supplementary groups (credentials(7)). */
#include "setup/identity/supplementary_groups.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "setup/steps.h"
#include "sys/ids.h"

static int compare_gids(const void *left, const void *right)
{
	gid_t a = *(const gid_t *)left;
	gid_t b = *(const gid_t *)right;

	return (a > b) - (a < b);
}

void groups_sort(struct identity *id)
{
	size_t kept = 0;

	if (!id->groups)
		return;
	qsort(id->groups, id->group_count, sizeof(gid_t), compare_gids);
	for (size_t i = 0; i < id->group_count; i++)
		if (!kept || id->groups[kept - 1] != id->groups[i])
			id->groups[kept++] = id->groups[i];
	id->group_count = kept;
}

int groups_are_in_force(const struct identity *id)
{
	gid_t *own;
	int result = ids_read_groups(&own);
	size_t count;

	if (result < 0)
		return -1;
	count = (size_t)result;
	/* An engine does not list the primary group: rind is in it all the
	 * same. */
	if (count + 1 == id->group_count && id->gid == getegid()) {
		own = arena_grow(own, count * sizeof(*own),
				 (count + 1) * sizeof(*own));
		own[count++] = id->gid;
	}
	if (count != id->group_count)
		return 0;
	if (!count)
		return 1;
	qsort(own, count, sizeof(*own), compare_gids);
	return !memcmp(own, id->groups, count * sizeof(*own));
}

static int set_groups(struct app *app, struct error *error)
{
	const struct identity *id = &app->identity;

	if (id->set_groups && ids_set_groups(id->group_count, id->groups))
		return error_errno(error, "user", "groups",
				   "choose gids that are mapped in this user "
				   "namespace");
	return 0;
}

const struct app_step groups_step = {
	.text = { .name = "groups",
		  .options = { "user", "groups" },
		  .defaults = { { NULL, "rind's own" } } },
	.run = set_groups,
};
