/* The maps of a user namespace, as the kernel shows them. */
#include "sys/id_map.h"

#include <errno.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/words.h"
#include "sys/procfs.h"

/* "INSIDE OUTSIDE COUNT", padded with blanks. */
static int read_line(char *line, struct id_map *map)
{
	uint32_t *const fields[] = { &map->inside, &map->outside, &map->count };
	const char *words[ARRAY_LENGTH(fields)];

	if (words_split(line, " ", words, ARRAY_LENGTH(words)) !=
	    ARRAY_LENGTH(words))
		return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
		unsigned long number;

		if (number_read(words[i], UINT32_MAX, &number))
			return -1;
		*fields[i] = (uint32_t)number;
	}
	return 0;
}

int id_map_read(const char *path, struct id_map **map)
{
	struct file file;
	char *rest;
	char *line;
	int result = 0;

	*map = NULL;
	if (procfs_read(path, &file))
		return -1;
	rest = file.data;
	while (!result && (line = line_next(&rest, NULL))) {
		*map = arena_alloc(sizeof(**map));
		result = read_line(line, *map);
		map = &(*map)->next;
	}
	file_free(&file);
	if (result)
		errno = EBADMSG;
	return result;
}

bool id_map_has(const struct id_map *map, uint32_t first, uint32_t count)
{
	for (; map; map = map->next)
		if (first >= map->inside &&
		    (uint64_t)first + count <=
			    (uint64_t)map->inside + map->count)
			return true;
	return false;
}

bool gid_is_mapped(gid_t gid)
{
	struct id_map *map;

	return !id_map_read("/proc/self/gid_map", &map) &&
	       id_map_has(map, gid, 1);
}
