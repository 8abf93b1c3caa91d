/* The two halves of idmap: what the maps are, and how they come into force. */
#ifndef RIND_SETUP_NAMESPACES_IDMAP_PARTS_H
#define RIND_SETUP_NAMESPACES_IDMAP_PARTS_H

#include "lib/text.h"
#include "setup/namespaces/idmap.h"

enum {
	LINES_MAX = 340, /* UID_GID_MAP_MAX_EXTENTS, Linux 4.15 */
	LINE_SIZE = 36
};

/* What differs between uids and gids. */
struct id_kind {
	const char *option, *subordinate, *helper, *file, *own;
	int cap;
};

extern const struct id_kind id_kinds[2];

const struct plan_map *idmap_of(const struct plan *plan,
				const struct id_kind *kind);

/* "INSIDE OUTSIDE COUNT" with BETWEEN between the numbers. */
void idmap_describe(const struct plan_map *map, struct text *text,
		    const char *between);

/* Whether it is rind's OWN id alone, which any user may map. */
bool idmap_is_single(const struct plan_map *map, uint32_t own);

/* Whether rind itself may write any map of this kind. */
bool idmap_may_write(const struct id_kind *kind,
		     const struct inherited *inherited);

#endif
