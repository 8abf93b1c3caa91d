/* The other processes: all but rind, of its namespace or below it. */
#ifndef RIND_SUPERVISE_OTHERS_H
#define RIND_SUPERVISE_OTHERS_H

#include "supervise/supervisor.h"
#include "supervise/told.h"

/* Sends SIGNAL to all but rind: the namespace's, or all descendants. */
void signal_all_others(struct supervisor *s, int signal);

/* Sends SIGNAL to all others but those who have been TOLD. */
void signal_untold_others(struct supervisor *s, int signal,
			  const struct told *told);

/*
 * Whether nobody but rind is left to wait for. Where only processes are left
 * that are no children of rind's (they came in from outside), one of them
 * becomes watch_fd.
 */
bool others_are_gone(struct supervisor *s);

/* Closes the watch_fd of others_are_gone(), if there is one. */
void unwatch_outsider(struct supervisor *s);

#endif
