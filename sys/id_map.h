/* The maps of a user namespace (user_namespaces(7)). */
#ifndef RIND_SYS_ID_MAP_H
#define RIND_SYS_ID_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One line of a uid_map or gid_map: COUNT ids from INSIDE on are those from
 * OUTSIDE on in the parent's namespace. A NULL list maps nothing.
 */
struct id_map {
	uint32_t inside, outside, count;
	struct id_map *next;
};

/*
 * Reads PATH, /proc/self/uid_map or /proc/self/gid_map, into *MAP, a list in
 * the arena. Returns 0, or -1 with errno: EBADMSG where a line is not three
 * numbers.
 */
int id_map_read(const char *path, struct id_map **map);

/* Whether one line of MAP has all COUNT ids from FIRST on, as seen inside. */
bool id_map_has(const struct id_map *map, uint32_t first, uint32_t count);

/*
 * Whether GID is mapped in rind's own user namespace; false where /proc does
 * not tell.
 */
bool gid_is_mapped(gid_t gid);

#endif
