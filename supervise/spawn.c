/*
 * The start: two processes of rind's own code, until one of them is the app.
 *
 *   rind                              the app's process
 *   chooses how to reap               sets itself up, verifies
 *   confines itself
 *   last look for a stop signal
 *                  --> go
 *                                     takes it, or sleeps until it is there
 *                                     execve
 *                  <-- the pipe closes, or an error
 *
 * So the app's first instruction runs when rind has given up what it had. The
 * byte that says "go" can be taken back as long as the app's process has not
 * taken it, since a pipe hands each byte out once. So neither waits for the
 * other in the usual case, and a SIGTERM before "go" is taken still ends the
 * start with nothing run.
 */
#include "supervise/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/text.h"
#include "supervise/confine.h"
#include "supervise/events.h"
#include "supervise/jobs.h"
#include "supervise/own_state.h"
#include "supervise/reap.h"
#include "supervise/stop.h"
#include "supervise/supervisor.h"
#include "sys/new_session.h"
#include "sys/parent_death.h"
#include "sys/pidfd.h"
#include "sys/standard_streams.h"

/* Between rind and the app's process; [0] is the end that is read. */
struct start_pipes {
	int report[2]; /* the app's process writes a struct error, or closes it
			*/
	int go[2];     /* rind writes one byte, and may take it back */
};

/* One write below PIPE_BUF: whole or not at all. */
static _Noreturn void report_and_exit(int report, const struct error *error)
{
	(void)!write(report, error, sizeof(*error));
	_exit(error->status);
}

/* Takes the byte that says "go", if it is there. */
static bool take_go(int go)
{
	char byte;

	return read(go, &byte, 1) == 1;
}

/* The same once it is there; false: rind took it back, or is dead. */
static bool await_go(int go)
{
	struct pollfd pipe = { .fd = go, .events = POLLIN };
	char byte;
	ssize_t length;

	while ((length = read(go, &byte, 1)) < 0)
		if (errno != EAGAIN ||
		    (poll(&pipe, 1, -1) < 0 && errno != EINTR))
			return false;
	return length == 1;
}

/* --die-with-rind: armed after the last change of ids, which disarms it. */
static int bind_life(const struct app *app, pid_t rind, struct error *error)
{
	if (!app->plan->supervision.die_with_rind)
		return 0;
	return parent_death_arm("die-with-rind", SIGKILL, rind, error);
}

/* What the app's process, a child of RIND, does until it is the app. */
static _Noreturn void become_app(struct app *app, pid_t rind,
				 const struct start_pipes *pipes)
{
	struct error error = { .status = EXIT_RIND };

	/* Where no step closes descriptors, rind's end must not stay open. */
	close(pipes->go[1]);
	arena_report_to(pipes->report[1]);
	app->own_fds[0] = pipes->report[1];
	app->own_fds[1] = pipes->go[0];
	if (setup_run(app, &error) || bind_life(app, rind, &error))
		report_and_exit(pipes->report[1], &error);
	if (await_go(pipes->go[0]))
		setup_exec(app, &error);
	else /* or rind has died, and nobody reads it */
		error_errno(&error, "start", "pipe", NULL);
	report_and_exit(pipes->report[1], &error);
}

static int stopped_by(int signal, struct error *error)
{
	char name[12];
	char object[16];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "SIG%s", signal_name(signal, name, sizeof(name)));
	error_set(error, "start", object, "stopped before the app ran", NULL);
	error->status = EXIT_SIGNAL_BASE + signal;
	return -1;
}

/* Waits for the report of the app's process: none, as it becomes the app. */
static int read_report(int report, struct error *error)
{
	struct error reported;
	ssize_t length;

	do {
		length = read(report, &reported, sizeof(reported));
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return error_errno(error, "start", "pipe", NULL);
	if (length != (ssize_t)sizeof(reported))
		return 0;
	*error = reported;
	return -1;
}

/*
 * A stop signal while the exec hangs, as on a lazy image or a network's file
 * system, is forwarded as ever, with --stop-delay and --stop-timeout.
 */
static void stop_hung_exec(struct supervisor *s, int report)
{
	struct pollfd closed = { .fd = report };
	siginfo_t info;

	s->starting = !poll(&closed, 1, 0);
	if (signals_take(s->watched_signals, &info, 0))
		stop_on_signal(s, &info);
	handle_deadlines(s);
	s->starting = false;
}

/*
 * Waits until the app's process has become the app, or never will. It takes
 * "go" last of all, so one that has ended and left it there has run nothing.
 */
static int await_app(struct supervisor *s, const struct start_pipes *pipes,
		     struct error *error)
{
	struct pollfd fds[] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		{ .fd = pipes->report[0], .events = POLLIN },
	};
	int ready;

	do {
		bool stop;

		ready = poll(fds, 2, timeout_until(next_deadline(s)));
		/* Where poll(2) fails, the report is waited for alone. */
		if (ready < 0 && errno != EINTR)
			break;
		stop = ready > 0 && fds[0].revents;
		if (stop && take_go(pipes->go[0]))
			return stopped_by(signals_take(s->watched_signals, NULL,
						       0),
					  error);
		if (stop || !ready)
			stop_hung_exec(s, pipes->report[0]);
	} while (ready < 1 || !fds[1].revents);
	/* POLLHUP alone: closed, and nothing in it. */
	if ((ready < 1 || fds[1].revents != POLLHUP) &&
	    read_report(pipes->report[0], error))
		return -1;
	if (take_go(pipes->go[0]))
		return error_set(error, "start", "the app's process",
				 "ended before it became the app",
				 "run rind again, with more memory if the "
				 "kernel's log has an OOM kill");
	return 0;
}

/*
 * Whether the rind outside has ended while the change of ids had taken its
 * signal off: in a new PID namespace getppid(2) would not tell.
 */
static bool outer_is_gone(const struct inherited *inherited)
{
	struct pollfd outer = { .fd = inherited->outer_life };

	return poll(&outer, 1, 0) == 1 && outer.revents & POLLHUP;
}

/* rind's side, from its confinement to the app's first instruction. */
static int release_app(struct supervisor *s, const struct app *app,
		       struct confinement *confinement,
		       const struct start_pipes *pipes, struct error *error)
{
	const int kept[] = { STDERR_FILENO,    s->signal_fd,
			     s->pidfd,         pipes->go[0],
			     pipes->report[0], pipes->go[1],
			     s->terminal,      s->inherited->outer_life,
			     s->own_stderr };
	int signal;

	reap_choose(s);
	if (confine(app, confinement, kept, ARRAY_LENGTH(kept), error) ||
	    parent_death_arm("parent-death",
			     app->plan->supervision.parent_death,
			     app->inherited->parent, error))
		return -1;
	if (outer_is_gone(app->inherited))
		return stopped_by(SIGKILL, error);
	signal = signals_take(s->watched_signals, NULL, 0);
	if (signal)
		return stopped_by(signal, error);
	/* With another error the supervisor would be deaf, or never wait. */
	if (errno != EAGAIN)
		return error_errno(error, "start", "signals", NULL);
	if (write(pipes->go[1], "", 1) != 1)
		return error_errno(error, "start", "pipe", NULL);
	return await_app(s, pipes, error);
}

static int open_pipes(struct start_pipes *pipes, struct error *error)
{
	if (pipe2(pipes->report, O_CLOEXEC) ||
	    pipe2(pipes->go, O_CLOEXEC | O_NONBLOCK))
		return error_errno(error, "start", "pipe", NULL);
	return 0;
}

/* The closed "go" ends it where rind may not signal it any more. */
static void end_app(struct supervisor *s, const struct start_pipes *pipes)
{
	close(pipes->go[1]);
	reap_kill_app(s);
	jobs_take_terminal(s);
}

static int cannot_fork(struct error *error)
{
	const char *cure = NULL;

	if (errno == EAGAIN)
		cure = "raise the limit of processes: ulimit -u, or pids.max "
		       "of the cgroup";
	else if (errno == EINVAL)
		/* Its first child would be PID 1, which has no siblings. */
		cure = "start rind inside of the new PID namespace: unshare "
		       "--fork";
	return error_errno(error, "start", "fork", cure);
}

int spawn_app(struct supervisor *s, struct app *app, struct error *error)
{
	struct confinement confinement;
	struct start_pipes pipes;
	pid_t rind = getpid();

	if (confine_choose(app, &confinement, error) ||
	    open_pipes(&pipes, error))
		return -1;
	s->signal_fd = signals_open_fd(-1, s->watched_signals);
	if (s->signal_fd < 0)
		return error_errno(error, "start", "signalfd", NULL);
	/* Else a caller's shell would run what the app types (TIOCSTI). */
	s->app = app->inherited->hidden_terminal
			 ? fork_in_new_session(&s->pidfd)
			 : pidfd_fork(0, &s->pidfd);
	if (s->app < 0)
		return cannot_fork(error);
	if (!s->app)
		become_app(app, rind, &pipes);
	own_state_settle(s, app->plan);
	if (release_app(s, app, &confinement, &pipes, error)) {
		end_app(s, &pipes);
		return -1;
	}
	streams_take_stderr(s->own_stderr);
	close(pipes.report[0]);
	close(pipes.go[0]);
	close(pipes.go[1]);
	return 0;
}
