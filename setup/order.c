/*
 * The order, and why. This table is the security argument: a step takes what a
 * later one gives up, and nothing of the app's runs before the last row.
 */
#include <sys/stat.h>

#include "lib/log.h"
#include "lib/text.h"
#include "setup/setup.h"
#include "setup/steps.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	container_step *run;
	struct step_text text;
} container_steps[] = {
	{ namespaces_setup,
	  { .name = "namespaces",
	    .options = { "unshare", "uid-map", "gid-map" },
	    .reason = "all later steps act inside them; user and pid are there "
		      "already" } },
	{ time_setup,
	  { .name = "time",
	    .options = { "boot-offset", "monotonic-offset" },
	    .reason = "before any process is inside" } },
	{ hostname_setup,
	  { .name = "hostname",
	    .options = { "hostname" },
	    .reason = "needs the new namespace's privilege" } },
	{ loopback_setup,
	  { .name = "loopback",
	    .unshare = "net",
	    .reason = "needs the new namespace's privilege" } },
	{ propagation_setup,
	  { .name = "propagation",
	    .unshare = "mount",
	    .reason = "cut before the first mount, so that nothing leaks "
		      "out" } },
	{ root_setup,
	  { .name = "root",
	    .options = { "root" },
	    .reason = "attached beside the old one, to be filled" } },
	{ standard_setup,
	  { .name = "standard mounts",
	    .options = { "standard-mounts" },
	    .reason = "under what the user asks for" } },
	{ mounts_setup,
	  { .name = "mounts",
	    .options = { "mount", "tmpfs" },
	    .reason = "in the order given" } },
	{ masks_setup,
	  { .name = "masks",
	    .options = { "mask", "protect" },
	    .reason = "over what has been mounted" } },
	{ read_only_setup,
	  { .name = "read-only",
	    .options = { "read-only" },
	    .reason = "after the last place was made" } },
	{ pivot_setup,
	  { .name = "pivot",
	    .options = { "root" },
	    .reason = "the sources lie in the old root" } },
};

static const struct {
	app_step *run;
	struct step_text text;
} app_steps[] = {
	{ terminal_setup,
	  { .name = "terminal",
	    .defaults = { { NULL, "a process group of its own, the foreground "
				  "if it is ours" } },
	    .reason = "before the user changes, while the terminal is ours" } },
	{ streams_setup,
	  { .name = "streams",
	    .defaults = { { NULL, "0, 1 and 2 belong to the user" } },
	    .reason = "giving them away needs CAP_CHOWN" } },
	{ limits_setup,
	  { .name = "ulimit",
	    .options = { "ulimit" },
	    .reason = "raising needs CAP_SYS_RESOURCE" } },
	{ nice_setup,
	  { .name = "nice",
	    .options = { "nice" },
	    .reason = "raising needs CAP_SYS_NICE" } },
	{ oom_score_setup,
	  { .name = "oom-score-adj",
	    .options = { "oom-score-adj" },
	    .reason = "raising needs CAP_SYS_RESOURCE" } },
	{ umask_setup,
	  { .name = "umask",
	    .options = { "umask" },
	    .reason = "needs nothing" } },
	{ keyring_setup,
	  { .name = "keyring",
	    .defaults = { { NULL, "an empty one" } },
	    .reason = "on rind's account, which root's limits are wider "
		      "for" } },
	{ groups_setup,
	  { .name = "groups",
	    .options = { "user", "groups" },
	    .defaults = { { NULL, "those of rind" } },
	    .reason = "needs CAP_SETGID" } },
	{ bounding_setup,
	  { .name = "bounding set",
	    .options = { "cap" },
	    .defaults = { { NULL, "none" } },
	    .reason = "needs CAP_SETPCAP" } },
	{ securebits_setup,
	  { .name = "securebits",
	    .options = { "allow-new-privs" },
	    .defaults = { { NULL, "locked" } },
	    .reason = "need CAP_SETPCAP, and carry the capabilities over the "
		      "next two" } },
	{ gid_setup,
	  { .name = "gid",
	    .options = { "user" },
	    .defaults = { { NULL, "that of rind" } },
	    .reason = "needs CAP_SETGID, which the uid's change takes" } },
	{ uid_setup,
	  { .name = "uid",
	    .options = { "user" },
	    .defaults = { { NULL, "that of rind" } },
	    .reason = "needs CAP_SETUID" } },
	{ caps_setup,
	  { .name = "capabilities",
	    .options = { "cap" },
	    .defaults = { { NULL, "none" } },
	    .reason = "the whitelist is all that is left" } },
	{ new_privs_setup,
	  { .name = "no_new_privs",
	    .options = { "allow-new-privs" },
	    .defaults = { { NULL, "on" } },
	    .reason = "after the last change that it could forbid" } },
	{ environment_setup,
	  { .name = "environment",
	    .options = { "clear-env", "unset-env", "env-file", "env" },
	    .defaults = { { "clear-env", "no" } },
	    .reason = "reads files as the app's user, so that permission "
		      "counts" } },
	{ descriptors_setup,
	  { .name = "descriptors",
	    .options = { "keep-fd" },
	    .defaults = { { NULL, "0, 1 and 2 alone stay open" } },
	    .reason = "after the last step that opens one" } },
	{ workdir_setup,
	  { .name = "workdir",
	    .options = { "workdir" },
	    .reason = "as the app's user, with no descriptor left to lead "
		      "outside" } },
	{ verify_setup,
	  { .name = "verify",
	    .defaults = { { NULL, "the kernel is asked what the app is" } },
	    .reason = "nothing changes after it but the mask" } },
};

void steps_visit(step_visitor *visit, void *context)
{
	for (size_t i = 0; i < COUNT(container_steps); i++)
		visit(context, &container_steps[i].text);
	for (size_t i = 0; i < COUNT(app_steps); i++)
		visit(context, &app_steps[i].text);
}

static void log_done(const struct step_text *step)
{
	char line[160];
	struct text text = text_in(line, sizeof(line));

	text_addf(&text, "start: %s: done (here because: %s)", step->name,
		  step->reason);
	log_line(line, LOG_NOW);
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
	for (size_t i = 0; i < COUNT(container_steps); i++) {
		if (container_steps[i].run(&container, error))
			return -1;
		if (plan->verbose)
			log_done(&container_steps[i].text);
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
	for (size_t i = 0; i < COUNT(app_steps); i++) {
		int result = app_steps[i].run(app, error);

		if (result < 0)
			return -1;
		if (app->plan->verbose && result != STEP_LEFT_OUT)
			log_done(&app_steps[i].text);
	}
	return 0;
}
