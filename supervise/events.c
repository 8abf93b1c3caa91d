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

/* For poll(2): milliseconds, -1 for ever. */
RESIDENT static int timeout_until(int64_t until)
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

RESIDENT int wait_for_signal(struct supervisor *s, siginfo_t *info,
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
