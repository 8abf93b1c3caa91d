/* What PID 1 was started with and the app could turn against it. */
#ifndef RIND_SUPERVISE_OWN_STATE_H
#define RIND_SUPERVISE_OWN_STATE_H

#include "plan.h"
#include "supervise/supervisor.h"

/*
 * Once the app's process has been forked, which keeps all of it:
 *
 *   - limits of CPU time, at which the kernel kills (setrlimit(2)), are lifted
 *     as far as rind may; a line on stderr says what is left
 *   - rind runs at SCHED_OTHER, niceness 0 (sched(7)), as far as it may
 *   - interval timers (setitimer(2)) are stopped
 *   - what takes the place of stderr once the app runs is open: from then on
 *     lines cannot block (sys/standard_streams.h)
 *   - in rind's own name: /proc/1/environ is empty, and /proc/1/cmdline shows
 *     no value of --env
 *
 * PLAN is the whole one, also where S has that of the rind outside.
 */
void own_state_settle(struct supervisor *s, const struct plan *plan);

#endif
