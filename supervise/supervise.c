/* The loop: signals in, signals out, until the app has ended. */
#include "supervise/supervise.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/log.h"
#include "lib/resident.h"
#include "supervise/confine.h"
#include "supervise/events.h"
#include "supervise/forward.h"
#include "supervise/jobs.h"
#include "supervise/reap.h"
#include "supervise/spawn.h"
#include "supervise/stop.h"
#include "supervise/supervisor.h"
#include "sys/pages.h"

/*
 * SIGTERM and its kin, as they are received. SIGPWR is what LXC sends to stop a
 * container, SIGRTMIN+3 what systemd-nspawn and Podman's systemd mode do. One
 * that rind was started to ignore (nohup(1)), or that is swallowed, asks
 * nothing.
 */
static signal_set stop_signals(const struct plan *plan,
			       const struct inherited *inherited)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT,
				       SIGHUP,  SIGPWR, SIGNAL_RTMIN + 3 };
	signal_set set = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++)
		if (plan->supervision.rewrite[signals[i]])
			set |= signal_bit(signals[i]);
	return set & ~inherited->ignored;
}

void supervisor_begin(struct supervisor *s, const struct plan *plan,
		      const struct inherited *inherited, int terminal)
{
	*s = (struct supervisor){
		.plan = plan,
		.inherited = inherited,
		.stop_signals = stop_signals(plan, inherited),
		.is_init = getpid() == 1,
		.own_stderr = -1,
		.signal_fd = -1,
		.watch_fd = -1,
		.pidfd = -1,
		.inner = -1,
		.terminal = terminal,
	};
	s->watched_signals = s->stop_signals & ~inherited->mask;
}

/*
 * The terminal goes to the app's session. A session's leader that gives it up
 * gets SIGHUP and SIGCONT from the kernel (tty_ioctl(4), TIOCNOTTY), which say
 * nothing to the app.
 */
static void leave_terminal(struct supervisor *s)
{
	if (ioctl(STDIN_FILENO, TIOCNOTTY) || getsid(0) != getpid())
		return;
	s->skip_once = signal_bit(SIGHUP) | signal_bit(SIGCONT);
	s->watched_signals &= ~s->skip_once;
}

int supervise_start(struct supervisor *s, struct app *app, struct error *error)
{
	const struct plan_supervision *plan = &app->plan->supervision;
	enum plan_session session = app->plan->process.session;

	supervisor_begin(s, app->plan, app->inherited,
			 session == SESSION_OWN_GROUP ? app->inherited->terminal
						      : -1);
	if (session == SESSION_OWN)
		leave_terminal(s);
	if (!s->is_init && !plan->subreaper && plan->warn_without_subreaper)
		log_line(
			"start: neither PID 1 nor a subreaper: orphans are not "
			"reaped (give -s or set TINI_SUBREAPER)",
			LOG_NOW);
	if (!s->is_init && plan->subreaper &&
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return error_set(error, "start", "subreaper",
				 "the kernel refuses it",
				 "use Linux 3.4 or newer");
	return reap_by_waiting(s, error) || spawn_app(s, app, error) ? -1 : 0;
}

/*
 * A stop by the terminal is the kernel's doing (SI_KERNEL) and meant for whom
 * it came to; one that a process sends is meant for the app.
 */
RESIDENT static bool is_terminal_stop(const siginfo_t *info)
{
	return info->si_signo == SIGTSTP || info->si_signo == SIGTTIN ||
	       info->si_signo == SIGTTOU;
}

/* Whether the signal ends with rind, and is not handed on. */
RESIDENT static bool is_for_rind(struct supervisor *s, const siginfo_t *info)
{
	/* From the kernel; a process' own SIGCHLD goes on. */
	if (info->si_signo == SIGCHLD && !s->kernel_reaps && info->si_code > 0)
		return true;
	/* Taken in the instant of the app's end: the rest may still need it. */
	if (s->app_ended && s->plan->supervision.leftovers != LEFTOVERS_WAIT)
		return true;
	if (is_terminal_stop(info) && info->si_code == SI_KERNEL &&
	    !s->plan->supervision.suspend_with_app)
		return true;
	return info->si_signo == SIGCONT && jobs_continued(s);
}

RESIDENT static void handle_signal(struct supervisor *s, const siginfo_t *info)
{
	signal_set bit = signal_bit(info->si_signo);

	if (s->skip_once & bit) {
		s->skip_once &= ~bit;
		return;
	}
	if (info->si_signo == SIGCHLD && !s->kernel_reaps)
		reap_ended(s);
	if (is_for_rind(s, info))
		return;
	if (s->stop_signals & bit)
		stop_on_signal(s, info);
	else
		forward(s, info);
	if (is_terminal_stop(info) && s->plan->supervision.suspend_with_app)
		kill(getpid(), SIGSTOP);
}

RESIDENT int wait_as_pause(struct app *app, struct error *error)
{
	const signal_set ends = signal_bit(SIGTERM) | signal_bit(SIGINT);
	struct confinement confinement = confinement_to(app->inherited, 0);

	/* With no app's exit code to lose, every kernel reaps by itself. */
	if (signal(SIGCHLD, SIG_IGN) == SIG_ERR ||
	    (getpid() != 1 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)))
		return error_errno(error, "start", "subreaper", NULL);
	if (confine(app, &confinement, NULL, 0, error))
		return -1;
	arena_release();
	release_start_pages();
	if (!signals_take(ends, NULL, -1))
		return error_errno(error, "start", "signals", NULL);
	return 0;
}

RESIDENT void supervise(struct supervisor *s)
{
	siginfo_t info;

	arena_release();
	release_start_pages();
	while (!s->app_ended) {
		if (wait_for_signal(s, &info, next_deadline(s)))
			handle_signal(s, &info);
		handle_deadlines(s);
	}
	jobs_take_terminal(s);
	stop_others(s);
	_exit(s->plan->supervision.success[s->exit_code] ? 0 : s->exit_code);
}
