/*
 * Signals as the kernel knows them: 1 to 64, in a mask of 64 bits.
 *
 * musl's wrappers keep 32, 33 and 34 for themselves and leave them out of every
 * mask, but 34 is SIGRTMIN to an app built with glibc. PID 1 has to block, wait
 * for and forward all of them, so these calls go to the kernel directly.
 */
#ifndef RIND_LIB_SIGNALS_H
#define RIND_LIB_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	SIGNAL_MAX = 64,
	SIGNAL_FIRST_REALTIME = 32, /* to the kernel: from here on they queue */
	SIGNAL_RTMIN = 34, /* glibc's SIGRTMIN, and what kill(1) prints */
};

typedef uint64_t signal_set; /* bit N-1 is signal N */

#define SIGNALS_ALL (~(signal_set)0)

static inline signal_set signal_bit(int signal)
{
	return (signal_set)1 << (signal - 1);
}

/* rt_sigprocmask(2) with SIG_SETMASK; returns 0 or -1. */
int signals_set_mask(signal_set mask);

/* rt_sigprocmask(2) with SIG_BLOCK; returns the mask that was in force. */
signal_set signals_block(signal_set mask);

/* rt_sigpending(2); cannot fail. */
signal_set signals_pending(void);

/*
 * rt_sigtimedwait(2): takes one pending signal of SET, waits up to TIMEOUT_MS
 * milliseconds (-1: for ever) for one. Returns its number and fills *INFO
 * unless that is NULL; returns 0 with errno when none came, EAGAIN after the
 * timeout.
 */
int signals_take(signal_set set, siginfo_t *info, int timeout_ms);

/* signalfd4(2), close-on-exec; pass FD -1 for a new one. Returns -1 on error.
 */
int signals_open_fd(int fd, signal_set set);

/*
 * Reads a signal's name ("TERM", "SIGTERM", "term", "RTMIN+3", "RTMAX-1") or
 * number. Returns 1 to 64, or -1 where the text is no signal.
 */
int signal_from_name(const char *name);

/* A name for SIGNAL without "SIG", into BUFFER of at least 12 bytes. */
const char *signal_name(int signal, char *buffer, size_t size);

#endif
