/* What differs between the map of the uids and that of the gids. */
#ifndef RIND_SETUP_NAMESPACES_ID_TYPE_H
#define RIND_SETUP_NAMESPACES_ID_TYPE_H

#include "lib/text.h"
#include "plan.h"
#include "sys/inherited.h"

enum id_type {
	ID_UID,
	ID_GID,
	ID_TYPES,
};

struct id_type_names {
	const char *option;     /* "--uid-map" */
	const char *subid_file; /* "/etc/subuid", subuid(5) */
	const char *helper;     /* the path of newuidmap(1) */
	const char *map_file;   /* "uid_map", in /proc/PID */
	const char *own_map;    /* the path of rind's own uid_map */
};

extern const struct id_type_names id_type_names[ID_TYPES];

/* The map that PLAN has for the new user namespace, or NULL. */
const struct id_map *id_type_map(const struct plan *plan, enum id_type type);

/* The id that rind was started with. */
uint32_t id_type_own(const struct inherited *inherited, enum id_type type);

/*
 * Whether rind itself may write any map of ids that exist for it: it has
 * CAP_SETUID or CAP_SETGID (user_namespaces(7)).
 */
bool id_type_may_map_any(const struct inherited *inherited, enum id_type type);

/*
 * Whether MAP has rind's OWN id and no other, which any user may map
 * (user_namespaces(7)).
 */
bool id_map_is_own(const struct id_map *map, uint32_t own);

/* Adds "INSIDE OUTSIDE COUNT", with SEPARATOR in the place of the blanks. */
void id_map_describe(const struct id_map *map, const char *separator,
		     struct text *text);

#endif
