/*
 * The orderly end. tini, dumb-init and catatonit exit as soon as the app has,
 * and the kernel SIGKILLs whoever is left in the middle of a write. rind asks
 * first, waits, and kills last.
 */
#include "lib/log.h"
#include "lib/resident.h"
#include "supervise/supervisor.h"

/* As a subreaper: so long for processes that SIGKILL does not end at once. */
enum {
	AFTER_KILL_MS = 10000,
	KILL_AGAIN_MS = 100,
	LOOK_AGAIN_MS = 50
};

RESIDENT static void start_timeout(struct supervisor *s)
{
	if (s->plan->supervision.times_out && !s->kill_at)
		s->kill_at = now_ms() + s->plan->supervision.stop_timeout_ms;
}

/*
 * What only the app was told is for the others, too, once it has ended, unless
 * it was a SIGHUP, by which servers read their configuration again.
 */
RESIDENT static void forward_stop(struct supervisor *s, const siginfo_t *info)
{
	if (info->si_signo != SIGHUP) {
		s->stop = *info;
		s->others_to_ask = !s->app_ended &&
				   s->plan->supervision.forward_to !=
					   FORWARD_ALL;
	}
	forward(s, info);
	start_timeout(s);
}

RESIDENT void stop_delay_over(struct supervisor *s)
{
	siginfo_t info = s->stop;

	s->delay_until = 0;
	forward_stop(s, &info);
}

RESIDENT void stop_signal(struct supervisor *s, const siginfo_t *info)
{
	bool first = !s->stopping;
	int64_t delay = s->plan->supervision.stop_delay_ms;

	s->stopping = true;
	if (first && delay) {
		s->stop = *info;
		s->delay_until = now_ms() + delay;
		return;
	}
	if (s->delay_until) {
		stop_delay_over(s);
		/* The same twice is one, as it is in the kernel's own mask. */
		if (info->si_signo == s->stop.si_signo)
			return;
	}
	forward_stop(s, info);
}

RESIDENT static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/*
 * Kernels before 5.3 have no pidfd to tell of a stranger's end, and none tells
 * when a dead one is reaped by its parent outside; only there, and only while
 * strangers alone are waited for, rind looks again and again.
 */
RESIDENT static int64_t moment_to_look(const struct supervisor *s,
				       int64_t until)
{
	if (!s->is_init || s->watch_fd >= 0 || reap_has_children())
		return until;
	return earlier(now_ms() + LOOK_AGAIN_MS, until);
}

/* The app is gone: a signal is for those that are left. */
RESIDENT static void pass_on(struct supervisor *s, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	if (s->stop_signals & signal_bit(info->si_signo))
		stop_signal(s, info);
	else
		forward(s, info);
}

/*
 * Waits until nobody is left, or until DEADLINE; true: nobody is. With a
 * deadline the others have been asked already, and signals add nothing.
 */
RESIDENT static bool wait_for_others(struct supervisor *s, int64_t deadline)
{
	while (!is_alone(s)) {
		siginfo_t info;
		int64_t until = earlier(deadline, s->kill_at);

		if (until && until <= now_ms())
			return false;
		if (s->delay_until && s->delay_until <= now_ms())
			stop_delay_over(s);
		until = earlier(until, s->delay_until);
		if (next_signal(s, &info, moment_to_look(s, until)) &&
		    !deadline)
			pass_on(s, &info);
	}
	return true;
}

/*
 * SIGKILL. PID 1 may exit right behind it, since the kernel waits for the whole
 * namespace then. A subreaper's descendants may fork while they are looked for,
 * so they are until none is left.
 */
static void kill_others(struct supervisor *s)
{
	int64_t deadline = now_ms() + AFTER_KILL_MS;

	signal_everyone(s, SIGKILL);
	if (s->is_init)
		return;
	s->kill_at = 0;
	while (!wait_for_others(s, now_ms() + KILL_AGAIN_MS)) {
		if (now_ms() > deadline) {
			log_line(
				"stop: a process does not end: SIGKILL has been "
				"sent (is it in an uninterruptible wait?)",
				LOG_NOW);
			return;
		}
		signal_everyone(s, SIGKILL);
	}
}

RESIDENT void stop_others(struct supervisor *s)
{
	struct error ignored;
	enum plan_leftovers leftovers = s->plan->supervision.leftovers;
	int64_t deadline = 0;

	if (leftovers == LEFTOVERS_TERM)
		send_group(s, SIGTERM, NULL);
	if (leftovers == LEFTOVERS_TERM || leftovers == LEFTOVERS_ABANDON)
		return;
	reap_by_waiting(s, &ignored);
	if (is_alone(s))
		return;
	if (leftovers == LEFTOVERS_TERMINATE) {
		if (s->plan->verbose)
			log_line(
				"stop: the app has ended: SIGTERM to the others",
				LOG_NOW);
		signal_everyone(s, SIGTERM);
		/* One that is stopped could not even begin to end. */
		signal_everyone(s, SIGCONT);
		deadline = now_ms() + s->plan->supervision.stop_grace_ms;
	} else {
		/* What has not reached the app, or came as it ended. */
		if (s->retry_at)
			forward_unsent(s);
		if (s->others_to_ask)
			forward(s, &s->stop);
	}
	if (!wait_for_others(s, deadline)) {
		if (s->plan->verbose)
			log_line("stop: time is over: SIGKILL to the others",
				 LOG_NOW);
		kill_others(s);
	}
}
