/*
 * rind's life as PID 1 (or as a subreaper): start the app, forward signals,
 * reap orphans, stop in order, hand back the exit code.
 */
#ifndef RIND_SUPERVISE_SUPERVISE_H
#define RIND_SUPERVISE_SUPERVISE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"
#include "lib/signals.h"
#include "plan.h"
#include "setup/setup.h"

extern const struct option_table supervision_option_table;

/*
 * Calls VISIT for what stands behind the last step: what the supervisor keeps
 * to, or that there is none.
 */
void supervision_visit(const struct plan *plan, step_visitor *visit,
		       void *context);

struct supervisor {
	const struct plan *plan;
	const struct inherited *inherited;
	signal_set stop_signals; /* those that ask for the end */
	bool is_init;            /* PID 1 of its namespace */
	bool kernel_reaps;       /* SIGCHLD is ignored: see reap.c */

	int signal_fd; /* readable while a signal of fd_signals is pending */
	signal_set fd_signals;
	int watch_fd; /* what wakes the loop as well, or -1: a pidfd, inside */
	int pidfd;    /* the app's, or -1 on kernels before 5.2 */
	int inside;   /* a socket to the rind in a new PID namespace; or -1 */
	int terminal; /* descriptor of the controlling terminal, or -1 */
	pid_t app;
	signal_set handed_off; /* the first of each is the terminal's farewell
				*/
	int reaped; /* children since signals other than SIGCHLD were taken */
	bool app_ended;
	bool app_stop_forwarded; /* the app was stopped by our own hand */
	int exit_code;           /* the app's, as a shell tells it */

	/* Moments on the monotonic clock, in milliseconds; 0 for none. */
	int64_t delay_until; /* --stop-delay ends */
	int64_t kill_at;     /* --stop-timeout ends */
	int64_t retry_at;    /* the app's signal queue may have room again */
	int64_t retry_ms;
	bool stopping;      /* the first stop signal has come */
	bool others_to_ask; /* it went to the app, and not to all */
	siginfo_t stop;     /* the last of them, while it is held back too */
	siginfo_t unsent;   /* a real-time signal that found the queue full */
};

/*
 * Prepares *S, chooses the way of reaping, starts the app and confines rind
 * itself. Returns 0 when the app's first instruction is about to run, and -1
 * with *ERROR when it never will.
 */
int supervise_start(struct supervisor *s, struct app *app, struct error *error);

/*
 * No app: holds the namespaces and reaps until SIGTERM or SIGINT. Returns 0, or
 * -1 with *ERROR.
 */
int wait_as_pause(struct app *app, struct error *error);

/* From then on: returns rind's exit code, with nothing left running. */
int supervise(struct supervisor *s);

#endif
