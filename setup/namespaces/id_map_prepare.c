/* The maps of a new user namespace: filled in, and checked. */
#include "setup/namespaces/id_map_prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/text.h"
#include "setup/identity/user_lookup.h"
#include "setup/mounts/planned_mounts.h"
#include "setup/namespaces/id_type.h"
#include "sys/passwd.h"
#include "sys/subid.h"

/* --- the defaults --- */

static int read_own_map(enum id_type type, struct id_map **map,
			struct error *error)
{
	const char *path = id_type_names[type].own_map;

	if (!id_map_read(path, map))
		return 0;
	if (errno == EBADMSG)
		return error_set(error, "namespaces", path, "unknown format",
				 NULL);
	return error_errno(error, "namespaces", path, "mount /proc");
}

/* Root keeps every id that it has, under the same number. */
static int map_all(enum id_type type, struct id_map **map, struct error *error)
{
	if (*map)
		return 0;
	if (read_own_map(type, map, error))
		return -1;
	for (struct id_map *line = *map; line; line = line->next)
		line->outside = line->inside;
	return 0;
}

/* The ids that --user stands for in the image, or 0 and 0 without --user. */
static int find_inside_ids(const struct plan *plan, struct identity *identity,
			   struct error *error)
{
	const char *path = planned_root(plan);
	int root = open(path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	/* A root that cannot be opened is told of by the step "root". */
	if (root < 0)
		return 0;
	if (plan->identity.user)
		result = user_look_up_inside(root, &plan->identity, identity,
					     error);
	close(root);
	return result;
}

static void map_one(uint32_t inside, uint32_t outside, struct id_map **map)
{
	if (*map)
		return;
	*map = arena_alloc(sizeof(**map));
	**map = (struct id_map){ .inside = inside,
				 .outside = outside,
				 .count = 1 };
}

static int fill_in_defaults(struct plan *plan,
			    const struct inherited *inherited,
			    struct error *error)
{
	struct plan_namespaces *namespaces = &plan->namespaces;
	struct identity inside = { 0 };

	if (id_type_may_map_any(inherited, ID_UID) &&
	    id_type_may_map_any(inherited, ID_GID)) {
		if (map_all(ID_UID, &namespaces->uid_map, error))
			return -1;
		return map_all(ID_GID, &namespaces->gid_map, error);
	}
	if (namespaces->uid_map && namespaces->gid_map)
		return 0;
	if (find_inside_ids(plan, &inside, error))
		return -1;
	map_one(inside.uid, inherited->uid, &namespaces->uid_map);
	map_one(inside.gid, inherited->gid, &namespaces->gid_map);
	return 0;
}

/* --- the checks --- */

static int refuse(enum id_type type, const struct id_map *map,
		  const char *reason, const char *cure, struct error *error)
{
	char object[64];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s=", id_type_names[type].option);
	id_map_describe(map, ":", &text);
	return error_set(error, "namespaces", object, reason, cure);
}

static bool ranges_overlap(uint32_t a, uint32_t a_count, uint32_t b,
			   uint32_t b_count)
{
	return a <= b ? b - a < a_count : a - b < b_count;
}

static bool lines_overlap(const struct id_map *a, const struct id_map *b)
{
	return ranges_overlap(a->inside, a->count, b->inside, b->count) ||
	       ranges_overlap(a->outside, a->count, b->outside, b->count);
}

static int check_lines(enum id_type type, const struct id_map *map,
		       struct error *error)
{
	int lines = 0;

	for (; map; map = map->next) {
		if (++lines > ID_MAP_LINES_MAX)
			return refuse(type, map,
				      "more lines than the kernel's 340", NULL,
				      error);
		for (const struct id_map *other = map->next; other;
		     other = other->next)
			if (lines_overlap(map, other))
				return refuse(type, other,
					      "overlaps with another map", NULL,
					      error);
	}
	return 0;
}

/* Root may map the ids that its own user namespace has. */
static int check_as_root(enum id_type type, const struct id_map *map,
			 struct error *error)
{
	struct id_map *own;
	char cure[64];
	struct text text = text_in(cure, sizeof(cure));

	if (read_own_map(type, &own, error))
		return -1;
	text_addf(&text, "choose ids that %s lists",
		  id_type_names[type].own_map);
	for (; map; map = map->next)
		if (!id_map_has(own, map->outside, map->count))
			return refuse(type, map,
				      "no such outside ids in rind's own user "
				      "namespace",
				      cure, error);
	return 0;
}

/* A user may map the own id, and those that /etc/subuid grants the user. */
static int check_as_user(enum id_type type, const struct id_map *map,
			 const struct inherited *inherited, struct error *error)
{
	const char *subid_file = id_type_names[type].subid_file;
	uint32_t own = id_type_own(inherited, type);
	struct passwd_entry user = { .name = "" };
	char cure[64];
	struct text text = text_in(cure, sizeof(cure));

	if (id_map_is_own(map, own))
		return 0;
	if (passwd_by_uid(-1, inherited->uid, &user, error) < 0)
		return -1;
	text_addf(&text, "grant them to the user in %s", subid_file);
	for (; map; map = map->next) {
		if (map->count == 1 && map->outside == own)
			continue;
		if (!subid_grants(subid_file, inherited->uid, user.name,
				  map->outside, map->count))
			return refuse(type, map,
				      "outside ids that the user may not map",
				      cure, error);
	}
	return 0;
}

int id_map_prepare(struct plan *plan, const struct inherited *inherited,
		   struct error *error)
{
	if (!(plan->namespaces.unshare & CLONE_NEWUSER))
		return 0;
	if (fill_in_defaults(plan, inherited, error))
		return -1;
	for (enum id_type type = 0; type < ID_TYPES; type++) {
		const struct id_map *map = id_type_map(plan, type);
		int result = check_lines(type, map, error);

		if (!result && id_type_may_map_any(inherited, type))
			result = check_as_root(type, map, error);
		else if (!result)
			result = check_as_user(type, map, inherited, error);
		if (result)
			return -1;
	}
	return 0;
}
