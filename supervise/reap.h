/* Reaping: by the kernel where it can, else in a loop (wait(2)). */
#ifndef RIND_SUPERVISE_REAP_H
#define RIND_SUPERVISE_REAP_H

#include "lib/error.h"
#include "supervise/supervisor.h"

/*
 * An app can make children of PID 1's faster than they can be reaped
 * (CLONE_PARENT): after so many it is the turn of other signals and moments.
 */
enum {
	REAPED_IN_A_ROW_MAX = 32
};

/*
 * From here on each end of a child is a SIGCHLD; so before the app's process.
 * Returns 0, or -1 with *ERROR.
 */
int reap_by_waiting(struct supervisor *s, struct error *error);

/* Leaves the reaping to the kernel if it can; the app's process is there. */
void reap_choose(struct supervisor *s);

/*
 * Reaps what has ended, and notes the app's end. More may be left where
 * s->reaped_in_a_row has come to its maximum: wait_for_signal() goes on then.
 */
void reap_ended(struct supervisor *s);

/* Reads the app's exit code from its pidfd, where the kernel has reaped it. */
void reap_app_by_pidfd(struct supervisor *s);

/*
 * Ends the app's process before it is the app, and waits for that. s->exit_code
 * is EXIT_RIND then if it has ended so by itself.
 */
void reap_kill_app(struct supervisor *s);

/* Whether a child of rind's, alive or not, is left. */
bool reap_has_children(void);

#endif
