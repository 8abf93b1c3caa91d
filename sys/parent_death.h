/* The signal that comes when the parent dies (PR_SET_PDEATHSIG(2const)). */
#ifndef RIND_SYS_PARENT_DEATH_H
#define RIND_SYS_PARENT_DEATH_H

#include <sys/types.h>

#include "lib/error.h"

/*
 * Arms SIGNAL for this process; 0 leaves what is armed, -1 disarms. PARENT is
 * the parent's pid when rind was started: if that process has died since, the
 * signal comes at once. Call it after the last change of uid, which disarms the
 * signal. OPTION, which asks for it, is the step of an error. Returns 0, or -1
 * with *ERROR.
 */
int parent_death_arm(const char *option, int signal, pid_t parent,
		     struct error *error);

#endif
