/*
 * rind: the thin, tough skin around an application.
 *
 *   argv -> options -> plan -> looked up -> start -> supervise -> exit code
 *                                             |
 *                                             +-> set up, verify, exec
 */
#include <errno.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/capability.h>
#include <unistd.h>

#include "base/packed.h"
#include "base/relro.h"
#include "base/say.h"
#include "cli/cli.h"
#include "entry.h"
#include "setup/capset.h"
#include "setup/idmap.h"
#include "setup/namespaces.h"
#include "setup/parent_death.h"
#include "setup/setup.h"
#include "setup/streams.h"
#include "setup/terminal.h"
#include "supervise/outside.h"
#include "supervise/supervise.h"

static int inherit(struct inheritance *start, struct error *error)
{
	/* Those that rind changes, or acts on by itself. */
	static const int asked[] = { SIGCHLD, SIGTERM, SIGINT,          SIGQUIT,
				     SIGHUP,  SIGPWR,  SIGNAL_RTMIN + 3 };
	*start = (struct inheritance){
		.by_root = !geteuid(),
		.mask = entry_mask,
		.pid = getpid(),
		.outside = -1,
		.parent = getppid(),
		.uid = geteuid(),
		.gid = getegid(),
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct sigaction action;

		if (entry_result || sigaction(asked[i], NULL, &action))
			return error_set(error, "start", "signals",
					 TEXT("the kernel refuses them"), NULL);
		if (action.sa_handler == SIG_IGN)
			start->ignored |= signal_bit(asked[i]);
	}
	return 0;
}

/*
 * A setuid rind would run any caller's command with any caller's options. So
 * would one with file capabilities: all that an exec leaves to a user without
 * them is ambient. root has all of its bounding set, unless SECBIT_NOROOT makes
 * it such a user. AT_SECURE would tell as well, but is also set by SELinux.
 */
static int refuse_setuid(struct error *error)
{
	bool same = getuid() == geteuid() && getgid() == getegid();
	uint64_t permitted;
	uint64_t ambient;

	if (same && !getuid() && !(cap_get_secbits() & SECBIT_NOROOT))
		return 0;
	if (capset_of_process(CAPSET_PERMITTED, &permitted) ||
	    capset_of_process(CAPSET_AMBIENT, &ambient))
		return error_errno(error, "start", "capabilities", NULL);
	if (same && !(permitted & ~ambient))
		return 0;
	return error_set(error, "start", "setuid",
			 TEXT("rind runs with more rights than its caller"),
			 same ? TEXT("setcap -r removes its file capabilities")
			      : TEXT("remove the setuid bit from it"));
}

/* --exec: the same steps, in this very process. Returns only on failure. */
static int become_the_app(struct app *app, struct error *error)
{
	if (setup_run(app, error)) {
		/* setpriv(1) has this for what the kernel refuses. */
		if (app->plan->quirks)
			error->status = EXIT_NOT_FOUND;
		return -1;
	}
	if (parent_death_arm(app->plan, app->start, error))
		return -1;
	setup_exec(app, error);
	return -1;
}

static int say_why(const struct plan *plan, const struct error *error)
{
	int code = error->status - EXIT_RIND;

	say(error->line, SAY_LAST);
	return plan->quirks && code >= 0 && code < 3 ? plan->exits[code]
						     : error->status;
}

/* Puts rind where the app is to be; SIDE_OUTSIDE: supervise that from here. */
static enum side enter_container(struct supervisor *outside, struct plan *plan,
				 struct inheritance *start, struct app *app,
				 struct error *error)
{
	struct container container = { .plan = plan,
				       .root = -1,
				       .terminal = app->terminal };
	enum side side = SIDE_INSIDE;

	if (namespaces_check(plan, error) || idmap_prepare(plan, start, error))
		return SIDE_FAILED;
	if (namespaces_need_outside(plan))
		side = outside_start(outside, plan, start, app->terminal,
				     error);
	if (side == SIDE_INSIDE && container_setup(&container, error))
		return SIDE_FAILED;
	return side;
}

/*
 * --explain: whether it could be done here and now is then tried, with all that
 * ends with rind's own processes and without the app.
 */
static int explain_here(struct app *app, struct error *error)
{
	app->terminal = -1;
	if (explain(app->plan))
		return error_set(error, "explain", "stdout",
				 TEXT("cannot be written"), NULL);
	return 0;
}

int main(int argc, char **argv)
{
	static struct plan plan;
	static struct app app;
	struct inheritance start;
	struct supervisor supervisor;
	struct error error;
	int answered;

	if (relro_protect(&error) || refuse_setuid(&error) ||
	    inherit(&start, &error) || streams_open_missing(&error))
		return say_why(&plan, &error);
	answered = cli_read(argc, argv, &plan, &error);
	if (answered < 0)
		return say_why(&plan, &error);
	if (answered)
		return answered - 1;
	app = (struct app){ .plan = &plan,
			    .start = &start,
			    .terminal = terminal_find(&start.foreground),
			    .kept = { -1, -1 } };
	if (caps_inherit(&start, &error) || setup_check(&app, &error) ||
	    (plan.explain && explain_here(&app, &error)))
		return say_why(&plan, &error);
	switch (enter_container(&supervisor, &plan, &start, &app, &error)) {
	case SIDE_FAILED:
		return say_why(&plan, &error);
	case SIDE_OUTSIDE:
		return supervise(&supervisor);
	case SIDE_INSIDE:
		break;
	}
	if (setup_prepare(&app, &error))
		return say_why(&plan, &error);
	if (plan.quirks & QUIRK_PAUSE)
		return hold(&app, &error) ? say_why(&plan, &error) : 0;
	if (plan.supervision.exec)
		return become_the_app(&app, &error), say_why(&plan, &error);
	if (supervise_start(&supervisor, &app, &error))
		return say_why(&plan, &error);
	return supervise(&supervisor);
}
