/*
 * Job control (credentials(7), tcsetpgrp(3)): between the shell that started
 * rind and the app in its own process group, rind passes stops and the
 * terminal's foreground on, so that Ctrl-Z, fg and bg work as without it.
 * SIGTTOU is blocked throughout: rind may set the foreground from behind.
 */
#include "supervise/jobs.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/resident.h"
#include "supervise/supervisor.h"

/*
 * Stops rind's whole group as a terminal would, rind with it, if there is a
 * shell that could continue it: of SIGTSTP the kernel lets alone PID 1 and a
 * group that is orphaned (setpgid(2)). Returns whether rind was stopped; the
 * SIGCONT that ended that is still pending then.
 */
static bool stop_group(void)
{
	kill(0, SIGTSTP);
	signals_set_mask(~signal_bit(SIGTSTP));
	signals_set_mask(SIGNALS_ALL);
	return signals_pending() & signal_bit(SIGCONT);
}

/*
 * Where nobody can continue the app, Ctrl-Z does nothing, as without rind: the
 * app's own group is not orphaned, since rind is outside it.
 */
static void stop_with_app(const struct supervisor *s, int signal)
{
	if (!stop_group() && signal != SIGSTOP)
		kill(-s->app, SIGCONT);
}

/*
 * PID 1 of a new namespace: the job that a shell knows is the rind outside. It
 * has been told if there is no room, since then it has not even read.
 */
static bool tell_outer(const struct supervisor *s, int signal)
{
	char byte = (char)signal;

	return send(s->inherited->outer, &byte, 1, MSG_DONTWAIT) == 1 ||
	       errno == EAGAIN;
}

void jobs_app_stopped(struct supervisor *s, int signal)
{
	bool by_us = s->stop_was_forwarded;

	s->stop_was_forwarded = false;
	if (by_us || (signal != SIGTSTP && signal != SIGTTIN &&
		      signal != SIGTTOU && signal != SIGSTOP))
		return;
	if (!tell_outer(s, signal))
		stop_with_app(s, signal);
}

void jobs_inner_stopped(struct supervisor *s)
{
	char signal;

	if (read(s->inner, &signal, 1) == 1)
		stop_with_app(s, signal);
	else
		s->watch_fd = -1; /* its end is about to be seen */
}

bool jobs_continued(struct supervisor *s)
{
	if (s->terminal < 0 || s->app_ended ||
	    s->plan->supervision.rewrite[SIGCONT] != SIGCONT)
		return false;
	/* A stop that was handed on and never seen is none any more. */
	s->stop_was_forwarded = false;
	if (tcgetpgrp(s->terminal) == getpgrp())
		tcsetpgrp(s->terminal, s->app);
	return !kill(-s->app, SIGCONT);
}

/*
 * Only from the app's group or one that is gone: a shell that has put rind into
 * the background in the meantime keeps its terminal.
 */
RESIDENT void jobs_take_terminal(struct supervisor *s)
{
	pid_t owner;

	if (s->terminal < 0 || s->is_init)
		return;
	owner = tcgetpgrp(s->terminal);
	if (owner == s->app || (owner > 0 && kill(-owner, 0) && errno == ESRCH))
		tcsetpgrp(s->terminal, getpgrp());
}
