/*
 * Reaping, in two ways that give the same answers.
 *
 * Where SIGCHLD is ignored the kernel reaps children by itself: no wakeup and
 * no system call per orphan. The app's own exit code would be lost with it, but
 * since Linux 6.15 its pidfd keeps it. Everywhere else rind waits in a loop.
 */
#include "supervise/reap.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/resident.h"
#include "lib/text.h"
#include "supervise/jobs.h"
#include "supervise/supervisor.h"
#include "sys/pidfd.h"

RESIDENT static int set_sigchld(void (*disposition)(int), bool report_stops)
{
	struct sigaction action = { .sa_handler = disposition };

	/* Blocked signals are kept even if their default is to be ignored. */
	action.sa_flags = report_stops ? 0 : SA_NOCLDSTOP;
	return sigaction(SIGCHLD, &action, NULL);
}

/*
 * pidfd_keeps_exit() asks about the app's own process, before it is the app. A
 * version number would not tell what a seccomp filter does to the call, and a
 * wrong guess would lose the app's exit code. Signals must go by pidfd then,
 * since a reaped app's pid is free at once.
 *
 * A process that is killed before SIGCHLD is ignored remains a zombie; spawn.c
 * and outer.c notice, as it never takes "go".
 *
 * A terminal's job control needs to see the app stopped, and an ignored SIGCHLD
 * tells nothing of that; an interactive container can afford the loop.
 */
void reap_choose(struct supervisor *s)
{
#ifdef RIND_FORCE_WAIT_LOOP
	/* A build for the tests alone: the older way on a newer kernel. */
	return;
#endif
	if (s->terminal >= 0 || s->plan->supervision.report_reaped ||
	    s->pidfd < 0 || !pidfd_keeps_exit(s->pidfd) ||
	    pidfd_signal(s->pidfd, 0, NULL, PIDFD_PROCESS) ||
	    poll(NULL, 0, 0) || /* by which the supervisor would wait */
	    set_sigchld(SIG_IGN, false))
		return;
	s->kernel_reaps = true;
	s->watch_fd = s->pidfd;
}

RESIDENT int reap_by_waiting(struct supervisor *s, struct error *error)
{
	s->kernel_reaps = false;
	if (set_sigchld(SIG_DFL, s->terminal >= 0))
		return error_errno(error, "start", "SIGCHLD", NULL);
	return 0;
}

RESIDENT static void note_end(struct supervisor *s, int code)
{
	s->app_ended = true;
	s->exit_code = code;
	s->watch_fd = -1;
}

static void log_reaped(pid_t pid)
{
	char line[40];
	struct text text = text_in(line, sizeof(line));

	text_addf(&text, "reap: zombie with pid %d", pid);
	log_line(line, LOG_NOW);
}

RESIDENT void reap_ended(struct supervisor *s)
{
	siginfo_t ended;
	int options = WEXITED | WNOHANG;

	if (s->terminal >= 0 && !s->app_ended)
		options |= WSTOPPED;
	for (int i = 0; i < REAPED_IN_A_ROW_MAX; i++) {
		ended.si_pid = 0;
		if (waitid(P_ALL, 0, &ended, options) || !ended.si_pid)
			return;
		s->reaped_in_a_row++;
		if (ended.si_pid != s->app || s->app_ended) {
			if (s->plan->supervision.report_reaped)
				log_reaped(ended.si_pid);
			continue;
		}
		if (ended.si_code == CLD_STOPPED)
			jobs_app_stopped(s, ended.si_status);
		else if (ended.si_code == CLD_EXITED)
			note_end(s, ended.si_status);
		else
			note_end(s, EXIT_SIGNAL_BASE + ended.si_status);
	}
}

RESIDENT void reap_app_by_pidfd(struct supervisor *s)
{
	int status;

	if (!pidfd_read_exit(s->pidfd, &status))
		note_end(s, EXIT_RIND);
	else if (WIFEXITED(status))
		note_end(s, WEXITSTATUS(status));
	else
		note_end(s, EXIT_SIGNAL_BASE + WTERMSIG(status));
}

void reap_kill_app(struct supervisor *s)
{
	struct pollfd reaped = { .fd = s->pidfd };
	int status = 0;

	/* Where the kernel reaps, its pid may be another's by now. */
	if (s->kernel_reaps)
		pidfd_signal(s->pidfd, SIGKILL, NULL, PIDFD_PROCESS);
	else if (!s->app_ended)
		kill(s->app, SIGKILL);
	while (waitpid(s->app, &status, 0) < 0 && errno == EINTR)
		;
	s->exit_code = WEXITSTATUS(status);
	if (!s->kernel_reaps)
		return;
	/* ECHILD may come before the exit code is there, POLLHUP does not. */
	while (poll(&reaped, 1, -1) < 0 && errno == EINTR)
		;
	reap_app_by_pidfd(s);
}

RESIDENT bool reap_has_children(void)
{
	siginfo_t info;

	return !waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
}
