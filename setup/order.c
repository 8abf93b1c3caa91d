/*
 * The order, and why. This table is the security argument: a step takes what a
 * later one gives up, and nothing of the app's runs before the last row.
 */
#include "setup/setup.h"

#include "base/say.h"
#include "base/text.h"
#include "setup/rooms.h"

static void tell(const struct step_words *step)
{
	char line[160];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "start: ");
	text_add(&text, step->name);
	text_add(&text, ": done (here because: ");
	text_add(&text, step->reason);
	text_add(&text, ")");
	say(line, SAY_NOW);
}

static const struct container_step {
	int (*run)(struct container *container, struct error *error);
	struct step_words words;
} container_steps[] = {
	{ namespaces_setup,
	  { "namespaces", "unshare,uid-map,gid-map", NULL,
	    "all later steps act inside them; user and pid are there already" } },
	{ time_setup,
	  { "time", "boot-offset,monotonic-offset", NULL,
	    "before any process is inside" } },
	{ hostname_setup,
	  { "hostname", "hostname", NULL,
	    "needs the new namespace's privilege" } },
	{ loopback_setup, { "loopback", "unshare=net", NULL, "the same" } },
	{ propagation_setup,
	  { "propagation", "unshare=mount", NULL,
	    "cut before the first mount, so that nothing leaks out" } },
	{ root_setup,
	  { "root", "root", NULL,
	    "attached beside the old one, to be filled" } },
	{ standard_setup,
	  { "standard mounts", "standard-mounts", NULL,
	    "under what the user asks for" } },
	{ mounts_setup,
	  { "mounts", "mount,tmpfs", NULL, "in the order given" } },
	{ masks_setup,
	  { "masks", "mask,protect", NULL, "over what has been mounted" } },
	{ read_only_setup,
	  { "read-only", "read-only", NULL, "after the last place was made" } },
	{ pivot_setup,
	  { "pivot", "root", NULL, "the sources lie in the old root" } },
};

int container_setup(struct container *container, struct error *error)
{
	/* Each of them acts in a namespace of rind's own, or not at all. */
	if (!container->plan->namespaces.unshare)
		return 0;
	for (size_t i = 0;
	     i < sizeof(container_steps) / sizeof(*container_steps); i++) {
		if (container_steps[i].run(container, error))
			return -1;
		if (container->plan->verbose)
			tell(&container_steps[i].words);
	}
	return 0;
}

static const struct step {
	int (*run)(struct app *app, struct error *error);
	struct step_words words;
} steps[] = {
	{ terminal_setup,
	  { "terminal", NULL,
	    "a process group of its own, the foreground if it is ours",
	    "before the user changes, while the terminal is ours" } },
	{ streams_setup,
	  { "streams", NULL, "0, 1 and 2 belong to the user",
	    "giving them away needs CAP_CHOWN" } },
	{ limits_setup,
	  { "ulimit", "ulimit", NULL, "raising needs CAP_SYS_RESOURCE" } },
	{ nice_setup, { "nice", "nice", NULL, "raising needs CAP_SYS_NICE" } },
	{ oom_setup,
	  { "oom-score-adj", "oom-score-adj", NULL,
	    "raising needs CAP_SYS_RESOURCE" } },
	{ umask_setup, { "umask", "umask", NULL, "needs nothing" } },
	{ keyring_setup,
	  { "keyring", NULL, "an empty one",
	    "on rind's account, which root's limits are wider for" } },
	{ groups_setup,
	  { "groups", "user,groups", "those of rind", "needs CAP_SETGID" } },
	{ bounding_setup,
	  { "bounding set", "cap", "none", "needs CAP_SETPCAP" } },
	{ securebits_setup,
	  { "securebits", "allow-new-privs", "locked",
	    "need CAP_SETPCAP, and carry the capabilities over the next two" } },
	{ gid_setup,
	  { "gid", "user", "that of rind",
	    "needs CAP_SETGID, which the uid's change takes" } },
	{ uid_setup, { "uid", "user", "that of rind", "needs CAP_SETUID" } },
	{ caps_setup,
	  { "capabilities", "cap", "none",
	    "the whitelist is all that is left" } },
	{ new_privs_setup,
	  { "no_new_privs", "allow-new-privs", "on",
	    "after the last change that it could forbid" } },
	{ environment_setup,
	  { "environment", "clear-env,unset-env,env-file,env", "clear-env=no",
	    "reads files as the app's user, so that permission counts" } },
	{ descriptors_setup,
	  { "descriptors", "keep-fd", "0, 1 and 2 alone stay open",
	    "after the last step that opens one" } },
	{ workdir_setup,
	  { "workdir", "workdir", NULL,
	    "as the app's user, with no descriptor left to lead outside" } },
	{ verify_setup,
	  { "verify", NULL, "the kernel is asked what the app is",
	    "nothing changes after it but the mask" } },
};

const struct facility *const facilities[] = {
	&namespaces_facility,   &idmap_facility,       &mounts_facility,
	&user_facility,         &caps_facility,        &new_privs_facility,
	&workdir_facility,      &priority_facility,    &limits_facility,
	&environment_facility,  &descriptors_facility, &supervision_facility,
	&parent_death_facility, &looking_facility,     NULL,
};

static int (*const preparations[])(struct app *app, struct error *error) = {
	user_prepare,
	caps_prepare,
};

int setup_check(struct app *app, struct error *error)
{
	return descriptors_prepare(app, error);
}

int setup_prepare(struct app *app, struct error *error)
{
	for (size_t i = 0; i < sizeof(preparations) / sizeof(*preparations);
	     i++)
		if (preparations[i](app, error))
			return -1;
	return 0;
}

int setup_run(struct app *app, struct error *error)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i].run(app, error))
			return -1;
		if (app->plan->verbose)
			tell(&steps[i].words);
	}
	return 0;
}

void steps_tell(step_teller *tell_step, void *context)
{
	for (size_t i = 0;
	     i < sizeof(container_steps) / sizeof(*container_steps); i++)
		tell_step(context, &container_steps[i].words);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		tell_step(context, &steps[i].words);
}
