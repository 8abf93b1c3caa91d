/* What differs between the map of the uids and that of the gids. */
#include "setup/namespaces/id_type.h"

#include <sys/capability.h>

#include "sys/capset.h"

const struct id_type_names id_type_names[ID_TYPES] = {
	[ID_UID] = { .option = "--uid-map",
		     .subid_file = "/etc/subuid",
		     .helper = "/usr/bin/newuidmap",
		     .map_file = "uid_map",
		     .own_map = "/proc/self/uid_map" },
	[ID_GID] = { .option = "--gid-map",
		     .subid_file = "/etc/subgid",
		     .helper = "/usr/bin/newgidmap",
		     .map_file = "gid_map",
		     .own_map = "/proc/self/gid_map" },
};

const struct id_map *id_type_map(const struct plan *plan, enum id_type type)
{
	return type == ID_UID ? plan->namespaces.uid_map
			      : plan->namespaces.gid_map;
}

uint32_t id_type_own(const struct inherited *inherited, enum id_type type)
{
	return type == ID_UID ? inherited->uid : inherited->gid;
}

bool id_type_may_map_any(const struct inherited *inherited, enum id_type type)
{
	int capability = type == ID_UID ? CAP_SETUID : CAP_SETGID;

	return inherited->effective & capset_bit(capability);
}

bool id_map_is_own(const struct id_map *map, uint32_t own)
{
	return !map->next && map->count == 1 && map->outside == own;
}

void id_map_describe(const struct id_map *map, const char *separator,
		     struct text *text)
{
	text_addf(text, "%u%s%u%s%u", map->inside, separator, map->outside,
		  separator, map->count);
}
