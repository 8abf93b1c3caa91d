/* The signal to get when the parent dies (PR_SET_PDEATHSIG(2const)). */
#ifndef RIND_PARENT_DEATH_H
#define RIND_PARENT_DEATH_H

#include "setup/setup.h"

/*
 * Arms it for this process; a no-op where it was not asked for. A parent that
 * has died since the start counts: the signal then comes at once. Must follow
 * the last change of uid, which disarms it. Returns 0 or -1.
 */
int parent_death_arm(const struct plan *plan, const struct inheritance *start,
		     struct error *error);

#endif
