/* Waiting: no polling, no timer that nobody asked for. */
#ifndef RIND_SUPERVISE_EVENTS_H
#define RIND_SUPERVISE_EVENTS_H

#include "supervise/supervisor.h"

/* CLOCK_MONOTONIC (clock_gettime(2)) in milliseconds. */
int64_t monotonic_ms(void);

/*
 * Waits until a signal comes (returns its number, fills *INFO), watch_fd ends
 * (returns 0), or the moment UNTIL is there (returns 0; 0 waits for ever).
 */
int wait_for_signal(struct supervisor *s, siginfo_t *info, int64_t until);

#endif
