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
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/text.h"
#include "supervise/supervisor.h"
#include "sys/parent_death.h"
#include "sys/pidfd.h"

struct line {
	int report[2]; /* the app's process writes struct error, or closes it */
	int go[2];     /* rind writes one byte, and may take it back */
};

static _Noreturn void child_fail(int report, const struct error *error)
{
	/* One write below PIPE_BUF: whole or not at all. */
	(void)!write(report, error, sizeof(*error));
	_exit(error->status);
}

enum taking {
	AT_ONCE,
	SLEEP
};

/* Takes the byte that says "go", or returns false: it is gone, or rind is. */
static bool take_go(int go, enum taking taking)
{
	struct pollfd line = { .fd = go, .events = POLLIN };
	char byte;
	ssize_t length;

	while ((length = read(go, &byte, 1)) < 0)
		if (taking == AT_ONCE || errno != EAGAIN ||
		    (poll(&line, 1, -1) < 0 && errno != EINTR))
			return false;
	return length;
}

static _Noreturn void child_main(struct app *app, const struct line *line)
{
	struct error error = { .status = EXIT_RIND };

	/* A tool closes nothing later, and with its own end "go" never ends. */
	close(line->go[1]);
	arena_report_to(line->report[1]);
	app->own_fds[0] = line->report[1];
	app->own_fds[1] = line->go[0];
	if (setup_run(app, &error))
		child_fail(line->report[1], &error);
	if (take_go(line->go[0], SLEEP))
		setup_exec(app, &error);
	else /* or rind has died, and nobody reads it */
		error_errno(&error, "start", "pipe", NULL);
	child_fail(line->report[1], &error);
}

static int stopped(int signal, struct error *error)
{
	char name[12];
	char object[16] = "SIG";
	struct text text = text_in(object, sizeof(object));

	text_add(&text, "SIG");
	text_add(&text, signal_name(signal, name, sizeof(name)));
	error_set(error, "start", object, "stopped before the app ran", NULL);
	error->status = EXIT_SIGNAL_BASE + signal;
	return -1;
}

/* Waits for what the app's process says: nothing, as it becomes the app. */
static int read_report(int report, struct error *error)
{
	struct error said;
	ssize_t length;

	do {
		length = read(report, &said, sizeof(said));
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return error_errno(error, "start", "pipe", NULL);
	if (length != (ssize_t)sizeof(said))
		return 0;
	*error = said;
	return -1;
}

/*
 * Waits until the app's process has become the app, or never will. From its
 * side "go" is taken last of all, so one that has ended and left it there has
 * run nothing.
 */
static int await_app(struct supervisor *s, const struct line *line,
		     struct error *error)
{
	struct pollfd fds[] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		{ .fd = line->report[0], .events = POLLIN },
	};

	/* Without it, what the app's process says is waited for alone. */
	while (poll(fds, 2, -1) < 1 && errno == EINTR)
		;
	if (fds[0].revents && take_go(line->go[0], AT_ONCE))
		return stopped(signals_take(s->fd_signals, NULL, 0), error);
	/* POLLHUP alone: closed, and nothing in it. */
	if (fds[1].revents != POLLHUP && read_report(line->report[0], error))
		return -1;
	if (take_go(line->go[0], AT_ONCE))
		return error_set(error, "start", "the app's process",
				 "it ended before it could become the app",
				 "was it killed? is memory short?");
	return 0;
}

/* From confinement to the app's first instruction. */
static int lead(struct supervisor *s, const struct app *app,
		enum confinement confinement, const struct line *line,
		struct error *error)
{
	const int kept[] = { STDERR_FILENO, s->signal_fd,       s->pidfd,
			     line->go[0],   line->report[0],    line->go[1],
			     s->terminal,   s->inherited->outer };
	int signal;

	reap_choose(s);
	if (confine(app, confinement, kept, sizeof(kept) / sizeof(kept[0]),
		    error) ||
	    parent_death_arm(app->plan->supervision.parent_death,
			     app->inherited->parent, error))
		return -1;
	signal = signals_take(s->fd_signals, NULL, 0);
	if (signal)
		return stopped(signal, error);
	/* Without it the supervisor would be deaf, or never wait. */
	if (errno != EAGAIN)
		return error_errno(error, "start", "signals", NULL);
	if (write(line->go[1], "", 1) != 1)
		return error_errno(error, "start", "pipe", NULL);
	return await_app(s, line, error);
}

static int open_pipes(struct line *line, struct error *error)
{
	if (pipe2(line->report, O_CLOEXEC) ||
	    pipe2(line->go, O_CLOEXEC | O_NONBLOCK))
		return error_errno(error, "start", "pipe", NULL);
	return 0;
}

int spawn(struct supervisor *s, struct app *app, struct error *error)
{
	enum confinement confinement = HOLD_NOTHING;
	struct line line;
	int result;

	if (confine_choose(app, &confinement, error) ||
	    open_pipes(&line, error))
		return -1;
	s->signal_fd = signals_open_fd(-1, s->fd_signals);
	if (s->signal_fd < 0)
		return error_errno(error, "start", "signalfd", NULL);
	s->app = pidfd_fork(0, &s->pidfd);
	if (s->app < 0)
		return error_errno(error, "start", "fork",
				   errno == EAGAIN ? "the limit of processes "
						     "is reached"
						   : NULL);
	if (!s->app)
		child_main(app, &line);
	result = lead(s, app, confinement, &line, error);
	if (result) {
		/* It ends by that where rind may not signal it any more. */
		close(line.go[1]);
		reap_kill_app(s);
		jobs_take_terminal(s);
		return -1;
	}
	close(line.report[0]);
	close(line.go[0]);
	close(line.go[1]);
	return 0;
}
