/*
 * rind's life as PID 1 (or as a subreaper): start the app, forward signals,
 * reap orphans, stop in order, hand back the exit code.
 */
#ifndef RIND_SUPERVISE_SUPERVISE_H
#define RIND_SUPERVISE_SUPERVISE_H

#include "lib/error.h"
#include "lib/signals.h"
#include "plan.h"
#include "setup/setup.h"
#include "supervise/supervisor.h"

extern const struct option_table supervision_option_table;

/*
 * Calls VISIT for what stands behind the last step: what the supervisor keeps
 * to, or that there is none.
 */
void supervision_visit(const struct plan *plan, step_visitor *visit,
		       void *context);

/*
 * Whether the supervisor can keep what the plan says on rind's terminal, if it
 * has one. Returns 0, or -1 with *ERROR.
 */
int supervise_check(const struct plan *plan, const struct inherited *inherited,
		    struct error *error);

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

/*
 * From then on: ends rind with its exit code when nothing is left running. It
 * does not return, as what main() and the C library would still do lies on
 * pages that have been given back.
 */
_Noreturn void supervise(struct supervisor *s);

#endif
