/* Waiting: no polling, no timer that nobody asked for. */
#include "supervise/events.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "lib/resident.h"
#include "supervise/jobs.h"
#include "supervise/others.h"
#include "supervise/reap.h"
#include "supervise/supervisor.h"

RESIDENT int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

RESIDENT int64_t earlier_ms(int64_t a, int64_t b)
{
	if (!a)
		return b;
	if (!b)
		return a;
	return a < b ? a : b;
}

RESIDENT int timeout_until(int64_t until)
{
	int64_t left;

	if (!until)
		return -1;
	left = until - monotonic_ms();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/*
 * While a real-time signal waits for room in the app's queue, the others of its
 * kind stay in the kernel's, in order; the sender then sees EAGAIN, as it would
 * from the app itself. Those that ask for the end wait for no room.
 */
RESIDENT static signal_set awaited(const struct supervisor *s)
{
	const signal_set realtime = SIGNALS_ALL << (SIGNAL_FIRST_REALTIME - 1);

	if (s->retry_at)
		return ~realtime | s->stop_signals;
	return SIGNALS_ALL;
}

/* Waits on the descriptors; returns whether a signal may be pending. */
RESIDENT static bool wait_on_descriptors(struct supervisor *s, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		/* The app: only when reaped (POLLHUP); others: when ended. */
		{ .fd = s->watch_fd,
		  .events = s->watch_fd == s->pidfd ? 0 : POLLIN },
	};

	if (s->watched_signals != awaited(s)) {
		s->watched_signals = awaited(s);
		signals_open_fd(s->signal_fd, s->watched_signals);
	}
	if (poll(fds, 2, timeout_ms) < 1)
		return false;
	if (fds[1].revents && s->watch_fd == s->pidfd)
		reap_app_by_pidfd(s);
	else if (fds[1].revents && s->watch_fd == s->inner)
		jobs_inner_stopped(s);
	else if (fds[1].revents)
		unwatch_outsider(s);
	return fds[0].revents != 0;
}

RESIDENT static int wait_for_any(struct supervisor *s, siginfo_t *info,
				 int64_t until)
{
	int timeout = timeout_until(until);
	signal_set set = awaited(s);

	if (s->reaped_in_a_row >= REAPED_IN_A_ROW_MAX) {
		/* Of those pending the kernel hands out the lowest first. */
		set &= ~signal_bit(SIGCHLD);
		timeout = 0;
		s->reaped_in_a_row = 0;
		reap_ended(s);
	} else if (s->watch_fd >= 0) {
		if (!wait_on_descriptors(s, timeout))
			return 0;
		timeout = 0;
	}
	return signals_take(set, info, timeout);
}

/*
 * Of the signals that are pending the kernel hands out the lowest first, so
 * two processes of rind's own uid that send 4 to 14 could keep SIGTERM from it
 * for good, and from the wait loop the SIGCHLD that tells of the app's end.
 */
RESIDENT static signal_set urgent_signals(const struct supervisor *s)
{
	if (s->kernel_reaps)
		return s->stop_signals;
	return s->stop_signals | signal_bit(SIGCHLD);
}

/*
 * Whether another signal may be pending behind this one. Behind a child's end
 * none is looked for, which would cost a system call an orphan: the next wait
 * hands out the lower ones first, and reaped_in_a_row lets the higher ones in.
 */
RESIDENT static bool may_hide_others(const struct supervisor *s,
				     const siginfo_t *info)
{
	return info->si_signo != SIGCHLD || s->kernel_reaps ||
	       info->si_code <= 0;
}

/*
 * Each urgent signal has its turn once before the others: a flood of SIGHUP
 * holds up no SIGTERM either. The first signal after a sleep is taken without
 * a further look.
 */
RESIDENT int wait_for_signal(struct supervisor *s, siginfo_t *info,
			     int64_t until)
{
	int signal = 0;

	if (s->took_signal)
		signal = signals_take(urgent_signals(s) & ~s->had_turn, info,
				      0);
	if (!signal) {
		s->had_turn = 0;
		signal = wait_for_any(s, info, until);
	}
	s->took_signal = signal && may_hide_others(s, info);
	if (signal)
		s->had_turn |= signal_bit(signal);
	return signal;
}
