/*
 * rind: the thin, tough skin around an application.
 *
 *   argv -> options -> plan -> looked up -> start -> supervise -> exit code
 *                                             |
 *                                             +-> set up, verify, exec
 */
#include <signal.h>
#include <unistd.h>

#include "base/relro.h"
#include "base/say.h"
#include "cli/cli.h"
#include "entry.h"
#include "setup/parent_death.h"
#include "setup/setup.h"
#include "setup/streams.h"
#include "setup/terminal.h"
#include "supervise/supervise.h"

static struct inheritance inherit(void)
{
	struct inheritance start = {
		.mask = entry_mask,
		.pid = getpid(),
		.parent = getppid(),
		.uid = geteuid(),
		.gid = getegid(),
	};

	for (int number = 1; number <= SIGNAL_MAX; number++) {
		struct sigaction action;

		if (!sigaction(number, NULL, &action) &&
		    action.sa_handler == SIG_IGN)
			start.ignored |= signal_bit(number);
	}
	return start;
}

/* A setuid rind would run any caller's command with any caller's options. */
static int refuse_setuid(struct error *error)
{
	if (getuid() == geteuid() && getgid() == getegid())
		return 0;
	return error_set(error, "start", "setuid",
			 "rind runs with more rights than its caller",
			 "remove the setuid bit from it");
}

/* --exec: the same steps, in this very process. Returns only on failure. */
static int become_the_app(struct app *app, struct error *error)
{
	if (setup_run(app, error) ||
	    parent_death_arm(app->plan, app->start, error))
		return -1;
	setup_exec(app, error);
	return -1;
}

static int fail(const struct error *error)
{
	say(error->line, SAY_LAST);
	return error->status;
}

int main(int argc, char **argv)
{
	static struct plan plan;
	static struct app app;
	struct inheritance start = inherit();
	struct supervisor supervisor;
	struct error error;
	int answered;

	if (relro_protect(&error) || refuse_setuid(&error) ||
	    streams_open_missing(&error))
		return fail(&error);
	answered = cli_read(argc, argv, &plan, &error);
	if (answered < 0)
		return fail(&error);
	if (answered)
		return answered - 1;
	app = (struct app){ .plan = &plan,
			    .start = &start,
			    .terminal = terminal_find(),
			    .kept = { -1, -1 } };
	if (setup_prepare(&app, &error))
		return fail(&error);
	if (plan.supervision.exec)
		return become_the_app(&app, &error), fail(&error);
	if (supervise_start(&supervisor, &app, &error))
		return fail(&error);
	return supervise(&supervisor);
}
