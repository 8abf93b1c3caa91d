/* Waiting: no polling, no timer that nobody asked for. */
#ifndef RIND_SUPERVISE_EVENTS_H
#define RIND_SUPERVISE_EVENTS_H

#include "supervise/supervisor.h"

/* CLOCK_MONOTONIC (clock_gettime(2)) in milliseconds. */
int64_t monotonic_ms(void);

/* The earlier of two moments of monotonic_ms(), where 0 stands for none. */
int64_t earlier_ms(int64_t a, int64_t b);

/* The time left until such a moment for poll(2): -1, for ever, if it is 0. */
int timeout_until(int64_t until);

/*
 * Waits until a signal comes (returns its number, fills *INFO), watch_fd ends
 * (returns 0), or the moment UNTIL is there (returns 0; 0 waits for ever).
 * Stop signals come before all others that are pending.
 */
int wait_for_signal(struct supervisor *s, siginfo_t *info, int64_t until);

#endif
