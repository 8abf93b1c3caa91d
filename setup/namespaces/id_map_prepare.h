/* The maps of a new user namespace, before it exists (user_namespaces(7)). */
#ifndef RIND_SETUP_NAMESPACES_ID_MAP_PREPARE_H
#define RIND_SETUP_NAMESPACES_ID_MAP_PREPARE_H

#include "lib/error.h"
#include "plan.h"
#include "sys/inherited.h"

enum {
	ID_MAP_LINES_MAX = 340 /* UID_GID_MAP_MAX_EXTENTS, Linux 4.15 */
};

/*
 * With --unshare=user: fills in the maps that were not given, and checks all of
 * them, so that nothing is made for a map that the kernel will refuse: overlap,
 * more than ID_MAP_LINES_MAX lines, outside ids that rind may not map. The
 * default of root is every id that it has; that of a user its own id, as root
 * inside or, with --user, as that user. Returns 0, or -1 with *ERROR.
 */
int id_map_prepare(struct plan *plan, const struct inherited *inherited,
		   struct error *error);

#endif
