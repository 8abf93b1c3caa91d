/*
 * rind: the thin, tough skin around an application.
 *
 *   argv, files -> plan -> container -> fork -> supervise -> exit status
 *                                         |
 *                                         +-> app's steps, verify, exec
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
 * A setuid rind would run any caller's command with any caller's options, and
 * so would a rind with file capabilities. Without these an exec leaves a user
 * the ambient capabilities alone; only root gets more, and not under
 * SECBIT_NOROOT. AT_SECURE would tell the same, but SELinux sets it too.
 */
static int refuse_setuid(struct error *error)
{
	static const char more_rights[] =
		"rind has more rights than its caller";
	bool same = getuid() == geteuid() && getgid() == getegid();
	uint64_t permitted;
	uint64_t ambient;

	if (same && !getuid() && !(cap_get_secbits() & SECBIT_NOROOT))
		return 0;
	if (capset_read(CAPSET_PERMITTED, &permitted) ||
	    capset_read(CAPSET_AMBIENT, &ambient))
		return error_errno(error, "start", "capabilities", NULL);
	if (!same)
		return error_set(error, "start", "setuid", more_rights,
				 "run chmod ug-s on the file rind");
	if (permitted & ~ambient)
		return error_set(error, "start", "setuid", more_rights,
				 "run setcap -r on the file rind");
	return 0;
}

/* Under another tool's name the command line is that tool's. */
static enum reading read_arguments(int argc, char **argv, struct plan *plan,
				   int *exit_code, struct error *error)
{
	const struct profile *profile = NULL;

	if (argc > 0)
		profile = profile_find(argv[0]);
	if (profile)
		return compat_read(profile, argc, argv, plan, exit_code, error);
	return command_line_read(argc, argv, plan, exit_code, error);
}

/*
 * Makes namespaces, mounts and root. SIDE_OUTSIDE: this is the process that
 * stays outside of the new namespaces, and *OUTER is ready for supervise(),
 * with the rind inside as its app.
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
 * --explain: prints the plan. The start that follows is a trial: it leaves out
 * the app, and must leave the terminal as it is.
 */
static int explain(const struct plan *plan, struct inherited *inherited,
		   struct error *error)
{
	inherited->terminal = -1;
	if (print_explanation(plan))
		return error_set(error, "explain", "stdout",
				 "cannot be written", NULL);
	return 0;
}

/* --exec: the same steps, in this very process. Returns only on failure. */
static void become_the_app(struct app *app, struct error *error)
{
	const struct plan *plan = app->plan;

	if (setup_run(app, error)) {
		error->status = plan->exit_codes.exec_failed;
		return;
	}
	if (!parent_death_arm("parent-death", plan->supervision.parent_death,
			      app->inherited->parent, error))
		setup_exec(app, error);
}

/* Says why rind ends, and returns its exit status. */
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

/* In the container: runs the app. Returns rind's exit status on failure. */
static int run_app(struct app *app, struct supervisor *supervisor,
		   struct error *error)
{
	const struct plan *plan = app->plan;

	if (setup_prepare(app, error))
		return fail(plan, error);
	if (plan->supervision.pause)
		return wait_as_pause(app, error) ? fail(plan, error) : 0;
	if (plan->supervision.exec) {
		become_the_app(app, error);
		return fail(plan, error);
	}
	if (supervise_start(supervisor, app, error))
		return fail(plan, error);
	supervise(supervisor);
}

/* Does what the plan says, and returns rind's exit status. */
static int run(struct plan *plan, struct inherited *inherited,
	       struct error *error)
{
	struct app app = { .plan = plan,
			   .inherited = inherited,
			   .own_fds = { -1, -1 } };
	struct supervisor supervisor;

	inherited->terminal = terminal_find(&inherited->foreground);
	inherited->hidden_terminal = plan->process.leave_terminal &&
				     inherited->terminal < 0 &&
				     terminal_may_exist();
	if (inherited_read_capabilities(inherited, error) ||
	    setup_check(&app, error) || supervise_check(plan, inherited, error))
		return fail(plan, error);
	if (plan->explain && explain(plan, inherited, error))
		return fail(plan, error);
	switch (enter_container(&supervisor, plan, inherited, error)) {
	case SIDE_OUTSIDE:
		supervise(&supervisor); /* does not return */
	case SIDE_INSIDE:
		return run_app(&app, &supervisor, error);
	case SIDE_FAILED:
		break;
	}
	return fail(plan, error);
}

int main(int argc, char **argv)
{
	struct plan plan = { .exit_codes.failed = EXIT_RIND };
	struct inherited inherited;
	struct error error;
	int exit_code;

	if (relro_protect(&error) || refuse_setuid(&error) ||
	    inherited_read(&inherited, &error) || streams_open_missing(&error))
		return fail(&plan, &error);
	switch (read_arguments(argc, argv, &plan, &exit_code, &error)) {
	case READING_PLAN:
		return run(&plan, &inherited, &error);
	case READING_ANSWERED:
		return exit_code;
	case READING_FAILED:
		break;
	}
	return fail(&plan, &error);
}
