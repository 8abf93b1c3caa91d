/*
 * rind: the thin, tough skin around an application.
 *
 *   argv -> options -> plan -> looked up -> start -> supervise -> exit code
 *                                             |
 *                                             +-> set up, verify, exec
 */
#include <linux/securebits.h>
#include <sys/capability.h>
#include <unistd.h>

#include "cli/command_line.h"
#include "cli/explain.h"
#include "compat/compat.h"
#include "lib/log.h"
#include "setup/setup.h"
#include "supervise/outer.h"
#include "supervise/supervise.h"
#include "sys/capset.h"
#include "sys/inherited.h"
#include "sys/parent_death.h"
#include "sys/relro.h"
#include "sys/standard_streams.h"
#include "sys/terminal.h"

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
	if (capset_read(CAPSET_PERMITTED, &permitted) ||
	    capset_read(CAPSET_AMBIENT, &ambient))
		return error_errno(error, "start", "capabilities", NULL);
	if (!same)
		return error_set(error, "start", "setuid",
				 "rind runs with more rights than its caller",
				 "remove the setuid bit from it");
	if (permitted & ~ambient)
		return error_set(error, "start", "setuid",
				 "rind runs with more rights than its caller",
				 "setcap -r removes its file capabilities");
	return 0;
}

/* Under the name of another tool the command line is that tool's. */
static enum reading read_arguments(int argc, char **argv, struct plan *plan,
				   int *exit_code, struct error *error)
{
	const struct profile *profile = argc ? profile_find(argv[0]) : NULL;

	if (profile)
		return compat_read(profile, argc, argv, plan, exit_code, error);
	return command_line_read(argc, argv, plan, exit_code, error);
}

/*
 * Puts rind where the app is to be. SIDE_OUTSIDE: this is the rind that stays
 * outside of the new namespaces, and supervises the one inside.
 */
static enum side enter_container(struct supervisor *outer, struct plan *plan,
				 struct inherited *inherited,
				 struct error *error)
{
	enum side side = SIDE_INSIDE;

	if (setup_check_namespaces(plan, inherited, error))
		return SIDE_FAILED;
	if (setup_needs_outer(plan))
		side = outer_start(outer, plan, inherited, error);
	if (side == SIDE_INSIDE && setup_container(plan, inherited, error))
		return SIDE_FAILED;
	return side;
}

/*
 * --explain tries whether it could be done here and now, with all that ends
 * with rind's own processes, and without the app or its terminal.
 */
static int explain(const struct plan *plan, struct inherited *inherited,
		   struct error *error)
{
	if (!plan->explain)
		return 0;
	inherited->terminal = -1;
	if (print_explanation(plan))
		return error_set(error, "explain", "stdout",
				 "cannot be written", NULL);
	return 0;
}

/* --exec: the same steps, in this very process. Returns only on failure. */
static int become_the_app(struct app *app, struct error *error)
{
	const struct plan *plan = app->plan;

	if (setup_run(app, error)) {
		error->status = plan->exit_codes.exec_failed;
		return -1;
	}
	if (parent_death_arm(plan->supervision.parent_death,
			     app->inherited->parent, error))
		return -1;
	setup_exec(app, error);
	return -1;
}

/* Says why rind ends, and returns its exit code. */
static int fail(const struct plan *plan, const struct error *error)
{
	log_line(error->line, LOG_LAST);
	switch (error->status) {
	case EXIT_RIND:
		return plan->exit_codes.failed;
	case EXIT_CANNOT_RUN:
		return plan->exit_codes.cannot_run;
	case EXIT_NOT_FOUND:
		return plan->exit_codes.not_found;
	default:
		return error->status;
	}
}

int main(int argc, char **argv)
{
	static struct plan plan = { .exit_codes = { EXIT_RIND } };
	static struct app app;
	struct inherited inherited;
	struct supervisor supervisor;
	struct error error;
	int exit_code;

	if (relro_protect(&error) || refuse_setuid(&error) ||
	    inherited_read(&inherited, &error) || streams_open_missing(&error))
		return fail(&plan, &error);
	switch (read_arguments(argc, argv, &plan, &exit_code, &error)) {
	case READING_FAILED:
		return fail(&plan, &error);
	case READING_ANSWERED:
		return exit_code;
	case READING_PLAN:
		break;
	}
	app = (struct app){ .plan = &plan,
			    .inherited = &inherited,
			    .own_fds = { -1, -1 } };
	inherited.terminal = terminal_find(&inherited.foreground);
	if (inherited_read_capabilities(&inherited, &error) ||
	    setup_check(&app, &error) || explain(&plan, &inherited, &error))
		return fail(&plan, &error);
	switch (enter_container(&supervisor, &plan, &inherited, &error)) {
	case SIDE_FAILED:
		return fail(&plan, &error);
	case SIDE_OUTSIDE:
		return supervise(&supervisor);
	case SIDE_INSIDE:
		break;
	}
	if (setup_prepare(&app, &error))
		return fail(&plan, &error);
	if (plan.supervision.pause) {
		if (wait_as_pause(&app, &error))
			return fail(&plan, &error);
		return 0;
	}
	if (plan.supervision.exec)
		become_the_app(&app, &error);
	else if (!supervise_start(&supervisor, &app, &error))
		return supervise(&supervisor);
	return fail(&plan, &error);
}
