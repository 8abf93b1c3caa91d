/* --uid-map and --gid-map: the ids of a new user namespace. */
#include <sched.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "setup/setup.h"
#include "sys/ids.h"

/*
 * Reads the id at the start of TEXT, up to a colon or the end. Returns what
 * follows the id, or NULL.
 */
static const char *read_id(const char *text, uint32_t *id)
{
	size_t length = strcspn(text, ":");

	if (id_read(arena_strndup(text, length), id))
		return NULL;
	return text + length;
}

/* "INSIDE:OUTSIDE:COUNT" */
static bool read_ids(struct id_map *map, const char *value)
{
	uint32_t *const ids[] = { &map->inside, &map->outside, &map->count };

	for (size_t i = 0; i < ARRAY_LENGTH(ids); i++) {
		if (i && *value++ != ':')
			return false;
		value = read_id(value, ids[i]);
		if (!value)
			return false;
	}
	return !*value && map->count;
}

static const char *read_map(struct id_map **list, const char *value)
{
	struct id_map *map = arena_alloc(sizeof(*map));

	if (!read_ids(map, value))
		return "not a map (write INSIDE:OUTSIDE:COUNT)";
	if (map->count - 1 > ID_MAX - map->inside ||
	    map->count - 1 > ID_MAX - map->outside)
		return "the range ends beyond 4294967294";
	while (*list)
		list = &(*list)->next;
	*list = map;
	return NULL;
}

static const char *read_uid_map(struct plan *plan, const char *value)
{
	return read_map(&plan->namespaces.uid_map, value);
}

static const char *read_gid_map(struct plan *plan, const char *value)
{
	return read_map(&plan->namespaces.gid_map, value);
}

static void clear_uid_map(struct plan *plan)
{
	plan->namespaces.uid_map = NULL;
}

static void clear_gid_map(struct plan *plan)
{
	plan->namespaces.gid_map = NULL;
}

static const struct option id_map_options[] = {
	{ .name = "uid-map",
	  .metavar = "IN:OUT:COUNT",
	  .help = "map COUNT uids from IN inside to OUT outside",
	  .kind = OPTION_VALUE,
	  .read = read_uid_map,
	  .clear = clear_uid_map,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWUSER },
	{ .name = "gid-map",
	  .metavar = "IN:OUT:COUNT",
	  .help = "map COUNT gids likewise",
	  .kind = OPTION_VALUE,
	  .read = read_gid_map,
	  .clear = clear_gid_map,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWUSER },
};

const struct option_table id_map_option_table = OPTION_TABLE(GROUP_NAMESPACES,
							     id_map_options);
