/* The maps of a user namespace (user_namespaces(7)). */
#ifndef RIND_IDMAP_H
#define RIND_IDMAP_H

#include "setup/setup.h"

/* How the kernel shows an id that is not mapped: overflowuid,
 * proc_sys_kernel(5).
 */
enum {
	OVERFLOW_ID = 65534
};

/*
 * Fills in the default (rind's own id becomes 0 inside) where no map was given,
 * and checks the maps before anything is created: overlap, overflow, more than
 * the kernel's 340 lines, an outside id that is not rind's to give. Returns 0
 * or -1. A no-op without --unshare=user.
 */
int idmap_prepare(struct plan *plan, const struct inheritance *start,
		  struct error *error);

/*
 * From outside: writes the maps of the process PID, which is in its new user
 * namespace and waits; through newuidmap(1) and newgidmap(1) where rind itself
 * may not. SIGCHLD must not be ignored. Returns 0 or -1.
 */
int idmap_write(const struct plan *plan, const struct inheritance *start,
		pid_t pid, struct error *error);

/*
 * From outside: root inside becomes the streams' owner, where that is another
 * than root outside, so that it can give them on to the app's user.
 */
void idmap_give_streams(const struct plan *plan);

/*
 * From inside, once the maps stand: becomes root in there where 0 is mapped,
 * and notes in *START who rind is by now: uid and gid -1 where it is nobody
 * that the maps know. Returns 0 or -1.
 */
int idmap_enter(const struct plan *plan, struct inheritance *start,
		struct error *error);

/* Whether /proc says that GID is mapped where rind is now. */
bool idmap_knows_gid(uint32_t gid);

#endif
