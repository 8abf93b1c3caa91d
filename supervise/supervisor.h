/* The parts of the supervisor as they see each other. */
#ifndef RIND_SUPERVISE_SUPERVISOR_H
#define RIND_SUPERVISE_SUPERVISOR_H

#include "supervise/supervise.h"

/* --- spawn.c --- */

/*
 * Starts the app's process, which sets itself up and then waits; confines rind
 * in the meantime; lets the app go. See supervise_start().
 */
int spawn(struct supervisor *s, struct app *app, struct error *error);

/* --- supervise.c --- */

/* Fills *S for a start that has not begun yet. */
void supervise_begin(struct supervisor *s, const struct plan *plan,
		     const struct inherited *inherited, int terminal);

/* --- confine.c --- */

enum confinement {
	KEEP_KILL,      /* own uid, CAP_KILL alone */
	HOLD_NOTHING,   /* own uid, no capability */
	TAKE_APPS_USER, /* the app's uid, no capability */
};

/*
 * Chooses how little rind can hold and still signal the app and its children.
 * Returns 0, or -1 with *ERROR where nothing that is allowed would do.
 */
int confine_choose(const struct app *app, enum confinement *confinement,
		   struct error *error);

/* Gives the rest up, for good. KEPT are the descriptors that stay open. */
int confine(const struct app *app, enum confinement confinement,
	    const int kept[], int count, struct error *error);

/* --- reap.c --- */

/* From here on each end of a child is a SIGCHLD; so before the app's process.
 */
int reap_by_waiting(struct supervisor *s, struct error *error);

/* Leaves the reaping to the kernel if it can; the app's process is there. */
void reap_choose(struct supervisor *s);

/*
 * An app can make children of PID 1's faster than they can be reaped
 * (CLONE_PARENT): after so many it is the turn of other signals and moments.
 */
enum {
	REAPED_IN_A_ROW = 32
};

/*
 * Reaps what has ended, and notes the app's end. More may be left where
 * s->reaped has come to REAPED_IN_A_ROW: next_signal() goes on then.
 */
void reap_ended(struct supervisor *s);

/* Reads the app's exit code from its pidfd, where the kernel has reaped it. */
void reap_read_app(struct supervisor *s);

/*
 * Ends the app's process before it is the app, and waits for that. s->exit_code
 * is EXIT_RIND then if it has ended so by itself.
 */
void reap_kill_app(struct supervisor *s);

/* Whether a child of rind's, alive or not, is left. */
bool reap_has_children(void);

/* --- events.c --- */

int64_t now_ms(void);

/*
 * Waits until a signal comes (returns its number, fills *INFO), watch_fd ends
 * (returns 0), or the moment UNTIL is there (returns 0; 0 waits for ever).
 */
int next_signal(struct supervisor *s, siginfo_t *info, int64_t until);

/* --- forward.c --- */

/* Hands a signal that came to rind on to whom it is meant for. */
void forward(struct supervisor *s, const siginfo_t *info);

/* To the app's process group; returns 0, or -1 with errno. */
int send_group(const struct supervisor *s, int signal, siginfo_t *info);

/* Tries the signal again that found the app's queue full. */
void forward_unsent(struct supervisor *s);

/* --- everyone.c --- */

/* Sends SIGNAL to all but rind: the namespace's, or all descendants. */
void signal_everyone(struct supervisor *s, int signal);

/*
 * Whether nobody but rind is left to wait for. Where only processes are left
 * that are no children of rind's (they came in from outside), one of them
 * becomes watch_fd.
 */
bool is_alone(struct supervisor *s);

/* Closes the watch_fd of is_alone(), if there is one. */
void stranger_forget(struct supervisor *s);

/* --- stop.c --- */

/* A signal that asks for the end: --stop-delay and --stop-timeout. */
void stop_signal(struct supervisor *s, const siginfo_t *info);

/* Forwards the stop signal that was held back for --stop-delay. */
void stop_delay_over(struct supervisor *s);

/* Once the app has ended: the others, by --wait and --stop-grace. */
void stop_others(struct supervisor *s);

/* --- jobs.c --- */

/* The app was stopped: if by its terminal, so is rind, for its shell to see. */
void jobs_app_stopped(struct supervisor *s, int signal);

/* The same of an app in a PID namespace of its own: the rind in there tells. */
void jobs_inside_stopped(struct supervisor *s);

/*
 * rind was continued: the app's group gets its terminal back and is continued.
 * Returns whether that was all there is to do with the signal.
 */
bool jobs_continued(struct supervisor *s);

/* The app has ended, or never ran: rind's own group gets the terminal back. */
void jobs_take_terminal(struct supervisor *s);

#endif
