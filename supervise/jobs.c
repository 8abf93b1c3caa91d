/*
 * Job control (credentials(7), tcsetpgrp(3)): between the shell that started
 * rind and the app in its own process group, rind passes stops and the
 * terminal's foreground on, so that Ctrl-Z, fg and bg work as without it.
 * SIGTTOU is blocked throughout: rind may set the foreground from behind.
 */
#include <errno.h>
#include <unistd.h>

#include "supervise/parts.h"

/*
 * The whole group of rind stops as a pipeline would; rind itself by SIGSTOP,
 * since its SIGTSTP is blocked, and that one is taken back.
 */
static void stop_like_the_app(void)
{
	kill(0, SIGTSTP);
	signals_take(signal_bit(SIGTSTP), NULL, 0);
	kill(getpid(), SIGSTOP);
}

void jobs_app_stopped(struct supervisor *s, int signal)
{
	bool by_us = s->app_stop_forwarded;

	s->app_stop_forwarded = false;
	if (by_us || (signal != SIGTSTP && signal != SIGTTIN &&
		      signal != SIGTTOU && signal != SIGSTOP))
		return;
	/*
	 * PID 1 and a session's leader have no shell to go back to, and nobody
	 * could continue the app: Ctrl-Z does nothing there, as without rind,
	 * where the kernel drops it for an orphaned process group.
	 */
	if (!s->is_init && getsid(0) != getpid())
		stop_like_the_app();
	else if (signal != SIGSTOP)
		kill(-s->app, SIGCONT);
}

bool jobs_continued(struct supervisor *s)
{
	if (s->terminal < 0 || s->app_ended ||
	    s->plan->supervision.rewrite[SIGCONT] != SIGCONT)
		return false;
	if (tcgetpgrp(s->terminal) == getpgrp())
		tcsetpgrp(s->terminal, s->app);
	return !kill(-s->app, SIGCONT);
}

/*
 * Only from the app's group or one that is gone: a shell that has put rind into
 * the background in the meantime keeps its terminal.
 */
void jobs_take_terminal(struct supervisor *s)
{
	pid_t owner;

	if (s->terminal < 0 || s->is_init)
		return;
	owner = tcgetpgrp(s->terminal);
	if (owner == s->app || (owner > 0 && kill(-owner, 0) && errno == ESRCH))
		tcsetpgrp(s->terminal, getpgrp());
}
