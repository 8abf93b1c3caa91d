/*
 * The orderly end. tini, dumb-init and catatonit exit as soon as the app has,
 * and the kernel SIGKILLs whoever is left in the middle of a write. rind asks
 * first, waits, and kills last.
 */
#include "supervise/stop.h"

#include "lib/log.h"
#include "lib/resident.h"
#include "supervise/events.h"
#include "supervise/forward.h"
#include "supervise/others.h"
#include "supervise/reap.h"
#include "supervise/supervisor.h"

enum {
	/* As a subreaper, for processes that SIGKILL does not end at once. */
	AFTER_KILL_MS = 10000,
	KILL_AGAIN_MS = 100,
	/* Where no event tells of an outsider's end. */
	RECHECK_MS = 50
};

static void start_timeout(struct supervisor *s)
{
	if (s->plan->supervision.times_out && !s->kill_at)
		s->kill_at = monotonic_ms() +
			     s->plan->supervision.stop_timeout_ms;
}

static enum stop_reach reach(const struct supervisor *s)
{
	if (s->app_ended)
		return STOP_REACHED_ALL;
	switch (s->plan->supervision.forward_to) {
	case FORWARD_MAIN:
		break;
	case FORWARD_GROUP:
		return STOP_REACHED_GROUP;
	case FORWARD_ALL:
		return STOP_REACHED_ALL;
	}
	return STOP_REACHED_APP;
}

/*
 * For the others, who are asked once the app has ended, unless it is a SIGHUP,
 * by which servers read their configuration again. Behind a SIGTERM no other
 * counts: the app could send one that they ignore.
 */
static void note_stop(struct supervisor *s, const siginfo_t *info)
{
	bool has_term = s->stop_reached && s->stop.si_signo == SIGTERM;

	if (info->si_signo == SIGHUP)
		return;
	s->stop_reached = reach(s);
	s->stop_told = told_now();
	if (has_term)
		return;
	s->stop = *info;
	s->stop_sent = outgoing_signal(s, info->si_signo);
}

static void forward_stop(struct supervisor *s, const siginfo_t *info)
{
	note_stop(s, info);
	forward(s, info);
	start_timeout(s);
}

static void stop_after_delay(struct supervisor *s)
{
	siginfo_t info = s->stop;

	s->delay_until = 0;
	forward_stop(s, &info);
}

void stop_on_signal(struct supervisor *s, const siginfo_t *info)
{
	bool first = !s->stopping;
	int64_t delay = s->plan->supervision.stop_delay_ms;

	s->stopping = true;
	if (first && delay) {
		s->stop = *info;
		s->delay_until = monotonic_ms() + delay;
		return;
	}
	if (s->delay_until) {
		stop_after_delay(s);
		/* The same twice is one, as it is in the kernel's own mask. */
		if (info->si_signo == s->stop.si_signo)
			return;
	}
	forward_stop(s, info);
}

RESIDENT int64_t next_deadline(const struct supervisor *s)
{
	return earlier_ms(earlier_ms(s->delay_until, s->kill_at), s->retry_at);
}

RESIDENT void handle_deadlines(struct supervisor *s)
{
	int64_t now = next_deadline(s) ? monotonic_ms() : 0;

	if (s->delay_until && s->delay_until <= now)
		stop_after_delay(s);
	if (s->retry_at && s->retry_at <= now)
		forward_unsent(s);
	if (s->kill_at && s->kill_at <= now) {
		s->kill_at = 0;
		signal_all_others(s, SIGKILL);
	}
}

/*
 * Kernels before 5.3 have no pidfd to tell of an outsider's end, and none tells
 * when a dead one is reaped by its parent outside; only there, and only while
 * outsiders alone are waited for, rind checks every RECHECK_MS.
 */
RESIDENT static int64_t recheck_until(const struct supervisor *s, int64_t until)
{
	if (!s->is_init || s->watch_fd >= 0 || reap_has_children())
		return until;
	return earlier_ms(monotonic_ms() + RECHECK_MS, until);
}

/* The app is gone: a signal is for those that are left. */
static void pass_to_others(struct supervisor *s, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	if (s->stop_signals & signal_bit(info->si_signo))
		stop_on_signal(s, info);
	else
		forward(s, info);
}

/*
 * Waits until nobody is left, or until DEADLINE; true: nobody is. With a
 * deadline the others have been asked already, and signals add nothing.
 */
RESIDENT static bool wait_for_others(struct supervisor *s, int64_t deadline)
{
	while (!others_are_gone(s)) {
		siginfo_t info;
		int64_t until = earlier_ms(deadline, s->kill_at);

		if (until && until <= monotonic_ms())
			return false;
		if (s->delay_until && s->delay_until <= monotonic_ms())
			stop_after_delay(s);
		until = earlier_ms(until, s->delay_until);
		if (wait_for_signal(s, &info, recheck_until(s, until)) &&
		    !deadline)
			pass_to_others(s, &info);
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
	int64_t deadline = monotonic_ms() + AFTER_KILL_MS;

	signal_all_others(s, SIGKILL);
	if (s->is_init)
		return;
	s->kill_at = 0;
	while (!wait_for_others(s, monotonic_ms() + KILL_AGAIN_MS)) {
		if (monotonic_ms() > deadline) {
			log_line(
				"stop: a process does not end: SIGKILL has been "
				"sent (find it with ps: state D)",
				LOG_NOW);
			return;
		}
		signal_all_others(s, SIGKILL);
	}
}

/*
 * A daemon's first process exits with 0 and means the other to go on: its end
 * must not come without a word.
 */
static void report_left_daemon(const struct supervisor *s)
{
	if (s->stopping || s->exit_code)
		return;
	log_line("stop: the app has exited with 0 and left processes: SIGTERM "
		 "to them (if one is a daemon, add --wait=all)",
		 LOG_NOW);
}

/*
 * Sends SIGNAL to those whom no stop signal has reached: to many programs a
 * second one says to end at once, with their work undone.
 */
static void ask_others(struct supervisor *s, int signal)
{
	struct told told = { .signal = s->stop_sent, .when = s->stop_told };

	switch (s->stop_reached) {
	case STOP_REACHED_NOBODY:
	case STOP_REACHED_APP:
		signal_all_others(s, signal);
		return;
	case STOP_REACHED_GROUP:
		told.group = s->app;
		break;
	case STOP_REACHED_ALL:
		break;
	}
	signal_untold_others(s, signal, &told);
}

/* --wait=main: SIGTERM to those that no stop signal has reached. */
static void terminate_others(struct supervisor *s)
{
	if (s->plan->verbose)
		log_line(s->stop_reached > STOP_REACHED_APP
				 ? "stop: the app has ended: SIGTERM to those "
				   "that have had no stop signal"
				 : "stop: the app has ended: SIGTERM to the "
				   "others",
			 LOG_NOW);
	ask_others(s, SIGTERM);
	/* One that is stopped could not even begin to end. */
	signal_all_others(s, SIGCONT);
	/* This was the stop, and no second one follows it. */
	s->delay_until = 0;
}

/* --wait=all: what has not reached them, as it was received. */
static void hand_to_others(struct supervisor *s)
{
	if (s->retry_at)
		forward_unsent(s);
	if (s->stop_reached)
		ask_others(s, s->stop.si_signo);
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
	if (others_are_gone(s))
		return;
	if (leftovers == LEFTOVERS_TERMINATE) {
		report_left_daemon(s);
		terminate_others(s);
		deadline = monotonic_ms() + s->plan->supervision.stop_grace_ms;
	} else {
		hand_to_others(s);
	}
	if (!wait_for_others(s, deadline)) {
		if (s->plan->verbose)
			log_line("stop: time is over: SIGKILL to the others",
				 LOG_NOW);
		kill_others(s);
	}
}
