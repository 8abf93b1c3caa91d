/* The start of the app's process. */
#ifndef RIND_SUPERVISE_SPAWN_H
#define RIND_SUPERVISE_SPAWN_H

#include "setup/setup.h"
#include "supervise/supervisor.h"

/*
 * Starts the app's process, which sets itself up and then waits; confines rind
 * in the meantime; lets the app go. Returns 0 when the app's first instruction
 * is about to run, and -1 with *ERROR when it never will.
 */
int spawn_app(struct supervisor *s, struct app *app, struct error *error);

#endif
