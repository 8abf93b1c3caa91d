/*
 * Reaping, in two ways that give the same answers.
 *
 * Where SIGCHLD is ignored the kernel reaps children by itself: no wakeup and
 * no system call per orphan. The app's own exit code would be lost with it, but
 * since Linux 6.15 its pidfd keeps it. Everywhere else rind waits in a loop.
 */
#include <errno.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pidfd.h"
#include "base/say.h"
#include "base/text.h"
#include "supervise/parts.h"

static void set_sigchld(void (*disposition)(int), bool tell_stops)
{
	struct sigaction action = { .sa_handler = disposition };

	/* Blocked signals are kept even if their default is to be ignored. */
	action.sa_flags = tell_stops ? 0 : SA_NOCLDSTOP;
	sigaction(SIGCHLD, &action, NULL);
}

#ifdef RIND_FORCE_WAIT_LOOP
/* A build for the tests alone: the older way on a newer kernel. */
static bool kernel_can_reap(void)
{
	return false;
}
#else
enum {
	TRIAL_CODE = 42,
	TRIAL_TIMEOUT_MS = 1000
};

static int end_trial(void *unused)
{
	(void)unused;
	_exit(TRIAL_CODE);
}

/*
 * The proof: a process that ends with a known code under an ignored SIGCHLD,
 * and that code read back from its pidfd. A version number would not tell what
 * a seccomp filter or a patched kernel does, and a wrong guess would lose the
 * app's exit code. Signals must go by pidfd then, since a reaped app's pid is
 * free at once: ESRCH shows that the call is there. The trial shares rind's
 * memory and takes 25 µs (Linux 6.18).
 */
static bool kernel_can_reap(void)
{
	_Alignas(16) char stack[2048];
	int pidfd = -1;
	int status = 0;
	bool proved;
	int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
	pid_t trial = clone(end_trial, stack + sizeof(stack), flags, NULL,
			    &pidfd);

	if (trial < 0 || pidfd < 0)
		return false;
	proved = pidfd_wait_reaped(pidfd, TRIAL_TIMEOUT_MS, &status) &&
		 status == TRIAL_CODE << 8 &&
		 pidfd_signal(pidfd, 0, NULL, PIDFD_PROCESS) && errno == ESRCH;
	close(pidfd);
	return proved;
}
#endif

/*
 * A terminal's job control needs to see the app stopped, and an ignored SIGCHLD
 * tells nothing of that; an interactive container can afford the loop.
 */
void reap_choose(struct supervisor *s)
{
	set_sigchld(SIG_IGN, false);
	s->kernel_reaps = s->terminal < 0 &&
			  !(s->plan->quirks & QUIRK_TELL_REAPED) &&
			  kernel_can_reap();
	if (!s->kernel_reaps)
		reap_by_waiting(s);
}

void reap_by_waiting(struct supervisor *s)
{
	s->kernel_reaps = false;
	set_sigchld(SIG_DFL, s->terminal >= 0);
}

static void note_end(struct supervisor *s, int code)
{
	s->app_ended = true;
	s->exit_code = code;
	s->watch_fd = -1;
}

static void tell_reaped(pid_t pid)
{
	char line[40];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "reap: zombie with pid ");
	text_add_number(&text, pid);
	say(line, SAY_NOW);
}

void reap_ended(struct supervisor *s)
{
	siginfo_t ended;
	int options = WEXITED | WNOHANG;

	if (s->terminal >= 0 && !s->app_ended)
		options |= WSTOPPED;
	for (;;) {
		ended.si_pid = 0;
		if (waitid(P_ALL, 0, &ended, options) || !ended.si_pid)
			return;
		if (ended.si_pid != s->app || s->app_ended) {
			if (s->plan->quirks & QUIRK_TELL_REAPED)
				tell_reaped(ended.si_pid);
			continue;
		}
		if (ended.si_code == CLD_STOPPED)
			jobs_app_stopped(s, ended.si_status);
		else
			note_end(s,
				 ended.si_code == CLD_EXITED
					 ? ended.si_status
					 : EXIT_SIGNAL_BASE + ended.si_status);
	}
}

void reap_read_app(struct supervisor *s)
{
	int status = EXIT_RIND << 8;

	pidfd_wait_reaped(s->pidfd, -1, &status);
	note_end(s, WIFEXITED(status) ? WEXITSTATUS(status)
				      : EXIT_SIGNAL_BASE + WTERMSIG(status));
}

bool reap_has_children(void)
{
	siginfo_t info;

	return !waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT);
}
