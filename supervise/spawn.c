/*
 * The start: two processes of rind's own code, until one of them is the app.
 *
 *   rind                              the app's process
 *   confines itself                   sets itself up, verifies
 *                  <-- ready, or an error
 *   last look for a stop signal
 *                  --> go
 *                                     execve
 *                  <-- the pipe closes, or an error
 *
 * So the app's first instruction runs when rind has given up what it had, and a
 * SIGTERM before "go" ends the start with nothing run.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pidfd.h"
#include "base/text.h"
#include "setup/parent_death.h"
#include "supervise/parts.h"

struct line {
	int report[2]; /* the app's process writes: ready, or struct error */
	int go[2];     /* rind writes one byte, or closes it */
};

static _Noreturn void child_fail(int report, const struct error *error)
{
	/* One write below PIPE_BUF: whole or not at all. */
	(void)!write(report, error, sizeof(*error));
	_exit(error->status);
}

static _Noreturn void child_main(struct app *app, const struct line *line)
{
	struct error error = { .status = EXIT_RIND };
	char byte = 0;

	app->kept[0] = line->report[1];
	app->kept[1] = line->go[0];
	if (setup_run(app, &error))
		child_fail(line->report[1], &error);
	/* End of file: rind has died or changed its mind. */
	if (write(line->report[1], &byte, 1) != 1 ||
	    read(line->go[0], &byte, 1) != 1)
		_exit(EXIT_RIND);
	setup_exec(app, &error);
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

/* What the app's process says: 1 ready, 0 it has become the app, -1 an error.
 */
static int read_report(int report, struct error *error)
{
	struct error said;
	ssize_t length;

	do {
		length = read(report, &said, sizeof(said));
	} while (length < 0 && errno == EINTR);
	if (length == (ssize_t)sizeof(said)) {
		*error = said;
		return -1;
	}
	return length == 1;
}

static int await_ready(struct supervisor *s, int report, struct error *error)
{
	struct pollfd fds[] = {
		{ .fd = s->signal_fd, .events = POLLIN },
		{ .fd = report, .events = POLLIN },
	};
	int signal;
	int said;

	while (poll(fds, 2, -1) < 1)
		;
	signal = signals_take(s->fd_signals, NULL, 0);
	if (signal)
		return stopped(signal, error);
	said = read_report(report, error);
	if (said < 0)
		return -1;
	if (!said)
		return error_set(error, "start", "the app's process",
				 "it ended before it could become the app",
				 "was it killed? is memory short?");
	/* The last moment at which nothing has run. */
	signal = signals_take(s->fd_signals, NULL, 0);
	return signal ? stopped(signal, error) : 0;
}

/* From confinement to the app's first instruction. */
static int lead(struct supervisor *s, const struct app *app,
		enum confinement confinement, const struct line *line,
		struct error *error)
{
	const int kept[] = { STDERR_FILENO,   s->signal_fd, s->pidfd,
			     line->report[0], line->go[1],  s->terminal };

	if (confine(app, confinement, kept, sizeof(kept) / sizeof(kept[0]),
		    error) ||
	    parent_death_arm(app->plan, app->start, error) ||
	    await_ready(s, line->report[0], error))
		return -1;
	if (write(line->go[1], "", 1) != 1 ||
	    read_report(line->report[0], error) < 0)
		return -1;
	return 0;
}

static int open_pipes(struct line *line, struct error *error)
{
	if (pipe2(line->report, O_CLOEXEC) || pipe2(line->go, O_CLOEXEC))
		return error_errno(error, "start", "pipe", errno, NULL);
	return 0;
}

int spawn(struct supervisor *s, struct app *app, struct error *error)
{
	enum confinement confinement;
	struct line line;
	int result;

	if (confine_choose(app, &confinement, error) ||
	    open_pipes(&line, error))
		return -1;
	s->signal_fd = signals_open_fd(-1, s->fd_signals);
	if (s->signal_fd < 0)
		return error_errno(error, "start", "signalfd", errno, NULL);
	s->app = pidfd_fork(0, &s->pidfd);
	if (s->app < 0)
		return error_errno(error, "start", "fork", errno,
				   errno == EAGAIN ? "the limit of processes "
						     "is reached"
						   : NULL);
	if (!s->app)
		child_main(app, &line);
	result = lead(s, app, confinement, &line, error);
	if (result) {
		close(line.go[1]);
		kill(s->app, SIGKILL);
		while (waitpid(s->app, NULL, 0) < 0 && errno == EINTR)
			;
		return -1;
	}
	close(line.report[0]);
	close(line.go[1]);
	if (s->kernel_reaps)
		s->watch_fd = s->pidfd;
	return 0;
}
