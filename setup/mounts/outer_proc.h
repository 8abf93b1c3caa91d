/* A /proc in the new root that leads out of it. */
#ifndef RIND_SETUP_MOUNTS_OUTER_PROC_H
#define RIND_SETUP_MOUNTS_OUTER_PROC_H

#include "setup/steps.h"

/*
 * Refuses a /proc below the new root that shows processes outside of it:
 * /proc/PID/root of one with the app's user is the old root. Returns 0, or -1
 * with *ERROR. Where /proc is not mounted in the old root, only the mounts of
 * the plan are known.
 */
int outer_proc_refuse(const struct container *container, struct error *error);

#endif
