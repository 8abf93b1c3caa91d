/* The orderly end. */
#ifndef RIND_SUPERVISE_STOP_H
#define RIND_SUPERVISE_STOP_H

#include "supervise/supervisor.h"

/* Takes a signal that asks for the end: --stop-delay and --stop-timeout. */
void stop_on_signal(struct supervisor *s, const siginfo_t *info);

/* Forwards the stop signal that was held back for --stop-delay. */
void stop_after_delay(struct supervisor *s);

/* Once the app has ended: the others, by --wait and --stop-grace. */
void stop_others(struct supervisor *s);

#endif
