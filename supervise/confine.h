/* What PID 1 keeps. */
#ifndef RIND_SUPERVISE_CONFINE_H
#define RIND_SUPERVISE_CONFINE_H

#include "setup/setup.h"

struct confinement {
	uint64_t keep; /* capabilities: CAP_KILL alone, or none */
	uid_t uid;     /* the real and the saved one */
	uid_t euid;    /* as which kill(2) is made */
	gid_t gid;
	bool needs_spare_ids; /* rind's are the app's */
	bool can_leave;       /* the app, to a user of its choice */
	bool dumpable; /* for a root app: /proc/1 belongs to rind's uid then,
			  not to root */
};

/* rind's ids as they are, and of its capabilities KEEP. */
struct confinement confinement_to(const struct inherited *inherited,
				  uint64_t keep);

/*
 * Chooses how little rind can hold and still signal the app and its children,
 * and ids that the app does not have. Returns 0, or -1 with *ERROR where
 * nothing that is allowed would do.
 */
int confine_choose(const struct app *app, struct confinement *confinement,
		   struct error *error);

/*
 * Gives the rest up, for good, and reads that back. COUNT descriptors of KEPT
 * stay open; entries of -1 are skipped. Notes in *CONFINEMENT which ids rind
 * could get. Returns 0, or -1 with *ERROR.
 */
int confine(const struct app *app, struct confinement *confinement,
	    const int kept[], int count, struct error *error);

#endif
