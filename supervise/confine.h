/* What PID 1 keeps. */
#ifndef RIND_SUPERVISE_CONFINE_H
#define RIND_SUPERVISE_CONFINE_H

#include "setup/setup.h"

enum confinement {
	CONFINE_TO_KILL,      /* own uid, CAP_KILL alone */
	CONFINE_TO_NOTHING,   /* own uid, no capability */
	CONFINE_TO_APPS_USER, /* the app's uid, no capability */
};

/*
 * Chooses how little rind can hold and still signal the app and its children.
 * Returns 0, or -1 with *ERROR where nothing that is allowed would do.
 */
int confine_choose(const struct app *app, enum confinement *confinement,
		   struct error *error);

/*
 * Gives the rest up, for good, and reads that back. COUNT descriptors of KEPT
 * stay open; entries of -1 are skipped. Returns 0, or -1 with *ERROR.
 */
int confine(const struct app *app, enum confinement confinement,
	    const int kept[], int count, struct error *error);

#endif
