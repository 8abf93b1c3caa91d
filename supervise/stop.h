/* The orderly end. */
#ifndef RIND_SUPERVISE_STOP_H
#define RIND_SUPERVISE_STOP_H

#include "supervise/supervisor.h"

/* Takes a signal that asks for the end: --stop-delay and --stop-timeout. */
void stop_on_signal(struct supervisor *s, const siginfo_t *info);

/* The next moment of the stop's and the forwarding's, or 0. */
int64_t next_deadline(const struct supervisor *s);

/* Does what is due: the end of --stop-delay, of --stop-timeout, a retry. */
void handle_deadlines(struct supervisor *s);

/* Once the app has ended: the others, by --wait and --stop-grace. */
void stop_others(struct supervisor *s);

#endif
