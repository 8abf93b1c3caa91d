/* The rind that stays outside of a new PID or user namespace. */
#ifndef RIND_SUPERVISE_OUTER_H
#define RIND_SUPERVISE_OUTER_H

#include "supervise/supervise.h"

enum side {
	SIDE_FAILED = -1,
	SIDE_INSIDE,
	SIDE_OUTSIDE
};

/*
 * Makes the namespaces of *PLAN that only a child can be in, and that child:
 * the rind inside. Returns twice: inside, with *INHERITED and *PLAN as they are
 * seen in there; and outside, with *S ready for supervise(), for which the rind
 * inside is the app. If the one outside dies, all that is inside dies.
 * SIDE_FAILED with *ERROR comes to the one outside, alone.
 */
enum side outer_start(struct supervisor *s, struct plan *plan,
		      struct inherited *inherited, struct error *error);

#endif
