/* The state of a supervisor: all that PID 1 knows while the app runs. */
#ifndef RIND_SUPERVISE_SUPERVISOR_H
#define RIND_SUPERVISE_SUPERVISOR_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/signals.h"
#include "plan.h"
#include "sys/inherited.h"

/* Whom a stop signal other than SIGHUP has reached. */
enum stop_reach {
	STOP_REACHED_NOBODY,
	STOP_REACHED_APP,
	STOP_REACHED_GROUP, /* the app's process group */
	STOP_REACHED_ALL,
};

struct supervisor {
	const struct plan *plan;
	const struct inherited *inherited;
	bool is_init;            /* PID 1 of its namespace */
	signal_set stop_signals; /* those that ask for the end */

	pid_t app;
	int pidfd;     /* the app's, or -1 on kernels before 5.2 */
	bool starting; /* it has its "go", and is not the app yet */
	bool app_ended;
	int exit_code;       /* the app's, as a shell tells it */
	int own_stderr;      /* takes the place of stderr then; or -1 */
	bool kernel_reaps;   /* SIGCHLD is ignored: see reap.c */
	int reaped_in_a_row; /* since another signal than SIGCHLD was taken */

	/* What wakes the loop: see events.c. */
	int signal_fd; /* readable while a signal of watched_signals is pending
			*/
	signal_set watched_signals;
	int watch_fd; /* one of pidfd, inner and an outsider's pidfd; or -1 */
	bool took_signal;    /* by the last wait, so that more may be pending */
	signal_set had_turn; /* urgent signals that were taken in a row */

	/* The terminal and job control: see jobs.c. */
	int terminal; /* descriptor of the controlling terminal, or -1 */
	int inner;    /* a socket to the rind in a new PID namespace; or -1 */
	bool stop_was_forwarded; /* the app was stopped by rind's own hand */
	signal_set skip_once; /* TIOCNOTTY raises them: not the app's business
			       */

	/* The stop: see stop.c. Moments are of monotonic_ms(); 0 for none. */
	bool stopping; /* the first stop signal has come */
	/* SIGTERM, else the last that was no SIGHUP; the one held back while
	 * DELAY_UNTIL is set. */
	siginfo_t stop;
	enum stop_reach stop_reached;
	int stop_sent;       /* what it was forwarded as */
	int64_t stop_told;   /* when: told_now() */
	int64_t delay_until; /* STOP is held back for --stop-delay */
	int64_t kill_at;     /* --stop-timeout ends */

	/* A real-time signal that found the app's queue full: see forward.c. */
	siginfo_t unsent;
	int64_t retry_at;
	int64_t retry_ms;
};

/*
 * Fills *S for a start that has not begun yet. TERMINAL: a descriptor, or -1
 * where rind has no part in the terminal.
 */
void supervisor_begin(struct supervisor *s, const struct plan *plan,
		      const struct inherited *inherited, int terminal);

#endif
