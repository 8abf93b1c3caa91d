/* The maps of a user namespace (user_namespaces(7)). */
#ifndef RIND_SETUP_NAMESPACES_IDMAP_H
#define RIND_SETUP_NAMESPACES_IDMAP_H

#include "setup/setup.h"

/*
 * Fills in the default (rind's own id becomes 0 inside) where no map was given,
 * and checks the maps before anything is created: overlap, overflow, more than
 * the kernel's 340 lines, an outside id that is not rind's to give. Returns 0
 * or -1. A no-op without --unshare=user.
 */
int idmap_prepare(struct plan *plan, const struct inherited *inherited,
		  struct error *error);

/* Whether /proc says that GID is mapped where rind is now. */
bool idmap_knows_gid(uint32_t gid);

#endif
