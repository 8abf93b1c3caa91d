/*
 * The order, and why. This table is the security argument: a step takes what a
 * later one gives up, and nothing of the app's runs before the last row.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "lib/log.h"
#include "lib/text.h"
#include "lib/words.h"
#include "setup/setup.h"
#include "setup/steps.h"

/* Each is in the file that does it. */
extern const struct container_step namespaces_step, time_step, hostname_step,
	loopback_step, propagation_step, root_step, standard_mounts_step,
	mounts_step, masks_step, read_only_step, pivot_step;
extern const struct app_step terminal_step, streams_step, ulimit_step,
	nice_step, oom_score_step, umask_step, inherited_step, keyring_step,
	groups_step, bounding_step, securebits_step, gid_step, uid_step,
	capabilities_step, new_privs_step, environment_step, descriptors_step,
	workdir_step, verify_step;

static const struct {
	const struct container_step *step;
	const char *reason;
} container_steps[] = {
	{ &namespaces_step, "all later steps act inside them; user and pid are "
			    "there already" },
	{ &time_step, "before any process is inside" },
	{ &hostname_step, "needs the new namespace's privilege" },
	{ &loopback_step, "needs the new namespace's privilege" },
	{ &propagation_step,
	  "cut before the first mount, so that nothing leaks out" },
	{ &root_step, "attached beside the old one, to be filled" },
	{ &standard_mounts_step, "under what the user asks for" },
	{ &mounts_step, "in the order given" },
	{ &masks_step, "over what has been mounted" },
	{ &read_only_step, "after the last place was made" },
	{ &pivot_step, "the sources lie in the old root" },
};

static const struct {
	const struct app_step *step;
	const char *reason;
} app_steps[] = {
	{ &terminal_step,
	  "before the user changes, while the terminal is rind's" },
	{ &streams_step, "giving the streams to the user needs CAP_CHOWN" },
	{ &ulimit_step, "raising a limit needs CAP_SYS_RESOURCE" },
	{ &nice_step, "lowering the niceness needs CAP_SYS_NICE" },
	{ &oom_score_step, "lowering the score needs CAP_SYS_RESOURCE" },
	{ &umask_step, "needs no privilege" },
	{ &inherited_step, "before anything is read or run for the app" },
	{ &keyring_step, "as root, whose keyring quota is larger" },
	{ &groups_step, "needs CAP_SETGID" },
	{ &bounding_step, "needs CAP_SETPCAP" },
	{ &securebits_step,
	  "need CAP_SETPCAP, and carry the capabilities across "
	  "the changes of gid and uid" },
	{ &gid_step, "needs CAP_SETGID, which the change of uid takes" },
	{ &uid_step, "needs CAP_SETUID" },
	{ &capabilities_step, "what --cap lists is all that is left" },
	{ &new_privs_step, "after the last change that it could forbid" },
	{ &environment_step, "reads files as the app's user, whose permissions "
			     "count" },
	{ &descriptors_step, "after the last step that opens one" },
	{ &workdir_step, "as the app's user, with no descriptor left that "
			 "leads outside" },
	{ &verify_step, "nothing of the app's rights changes after it" },
};

static void visit_step(step_visitor *visit, void *context,
		       const struct step_text *step, const char *reason)
{
	struct step_text text = *step;

	text.reason = reason;
	visit(context, &text);
}

void steps_visit(step_visitor *visit, void *context)
{
	for (size_t i = 0; i < ARRAY_LENGTH(container_steps); i++)
		visit_step(visit, context, &container_steps[i].step->text,
			   container_steps[i].reason);
	for (size_t i = 0; i < ARRAY_LENGTH(app_steps); i++)
		visit_step(visit, context, &app_steps[i].step->text,
			   app_steps[i].reason);
}

static void log_done(const char *name, const char *reason)
{
	char line[160];
	struct text text = text_in(line, sizeof(line));

	text_addf(&text, "start: %s: done (placed here: %s)", name, reason);
	log_line(line, LOG_NOW);
}

bool step_acts_on(const struct step_text *step, const struct plan_given *given)
{
	const char *name = given->option->name;

	if (step->unshare && !strcmp(name, "unshare"))
		return word_is_in_list(step->unshare, given->value) ||
		       word_is_in_list("all", given->value);
	for (size_t i = 0; step->options[i]; i++)
		if (!strcmp(name, step->options[i]))
			return true;
	return false;
}

/*
 * Whether STEP, which failed, may be left out: the kernel does not have what it
 * needs, and it acts on one option alone, which is soft.
 */
static bool may_leave_out(const struct plan *plan, const struct step_text *step,
			  const struct error *error)
{
	int asked = 0;

	if (error->number != ENOSYS && error->number != EOPNOTSUPP &&
	    error->number != ENODEV)
		return false;
	for (const struct plan_given *g = plan->given; g; g = g->next) {
		if (g->off || !step_acts_on(step, g))
			continue;
		if (!g->soft)
			return false;
		asked++;
	}
	return asked == 1;
}

/*
 * After STEP, which returned RESULT: says that it is done, or left out. Returns
 * 0, or -1 where it failed.
 */
static int end_step(const struct plan *plan, const struct step_text *step,
		    int result, const char *reason, const struct error *error)
{
	if (result < 0 && !may_leave_out(plan, step, error))
		return -1;
	if (result < 0)
		log_left_out(error->line);
	else if (plan->verbose && result != STEP_LEFT_OUT)
		log_done(step->name, reason);
	return 0;
}

int setup_check(const struct app *app, struct error *error)
{
	return descriptors_check(app, error);
}

int setup_container(const struct plan *plan, const struct inherited *inherited,
		    struct error *error)
{
	struct container container = { .plan = plan,
				       .root = -1,
				       .terminal = inherited->terminal };
	mode_t mask;

	/* Each of them acts in a namespace of rind's own, or not at all. */
	if (!plan->namespaces.unshare)
		return 0;
	/* The places that they make are everybody's to enter. */
	mask = umask(022);
	for (size_t i = 0; i < ARRAY_LENGTH(container_steps); i++) {
		const struct container_step *step = container_steps[i].step;

		if (end_step(plan, &step->text, step->run(&container, error),
			     container_steps[i].reason, error))
			return -1;
	}
	umask(mask);
	return 0;
}

int setup_prepare(struct app *app, struct error *error)
{
	return user_prepare(app, error) || caps_prepare(app, error) ? -1 : 0;
}

int setup_run(struct app *app, struct error *error)
{
	for (size_t i = 0; i < ARRAY_LENGTH(app_steps); i++) {
		const struct app_step *step = app_steps[i].step;

		if (end_step(app->plan, &step->text, step->run(app, error),
			     app_steps[i].reason, error))
			return -1;
	}
	return 0;
}
