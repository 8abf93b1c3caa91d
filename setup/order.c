/*
 * The order, and why. This table is the security argument: a step takes what a
 * later one gives up, and nothing of the app's runs before the last row.
 */
#include <sys/stat.h>

#include "base/packed.h"
#include "setup/setup.h"

#include "base/say.h"
#include "base/words.h"
#include "setup/rooms.h"

static void tell_done(const char *words)
{
	char line[160];
	struct text text = text_in(line, sizeof(line));

	text_form(&text, "start: %: done (here because: ", words, NULL, NULL);
	text_add_packed(&text, word_at(words, STEP_REASON));
	text_add(&text, ")");
	say(line, SAY_NOW);
}

static const struct container_step {
	int (*run)(struct container *container, struct error *error);
	const char *words; /* STEP_* */
} container_steps[] = {
	{ namespaces_setup,
	  "namespaces\0unshare,uid-map,gid-map\0\0" TEXT(
		  "all later steps act inside them; user and pid are there already") },
	{ time_setup, "time\0boot-offset,monotonic-offset\0\0" TEXT(
			      "before any process is inside") },
	{ hostname_setup, "hostname\0hostname\0\0" TEXT(
				  "needs the new namespace's privilege") },
	{ loopback_setup, "loopback\0unshare=net\0\0" TEXT("the same") },
	{ propagation_setup,
	  "propagation\0unshare=mount\0\0" TEXT(
		  "cut before the first mount, so that nothing leaks out") },
	{ root_setup,
	  "root\0root\0\0" TEXT("attached beside the old one, to be filled") },
	{ standard_setup, "standard mounts\0standard-mounts\0\0" TEXT(
				  "under what the user asks for") },
	{ mounts_setup, "mounts\0mount,tmpfs\0\0" TEXT("in the order given") },
	{ masks_setup,
	  "masks\0mask,protect\0\0" TEXT("over what has been mounted") },
	{ read_only_setup,
	  "read-only\0read-only\0\0" TEXT("after the last place was made") },
	{ pivot_setup,
	  "pivot\0root\0\0" TEXT("the sources lie in the old root") },
};

int container_setup(struct container *container, struct error *error)
{
	mode_t mask;

	/* Each of them acts in a namespace of rind's own, or not at all. */
	if (!container->plan->namespaces.unshare)
		return 0;
	/* The places that they make are everybody's to enter. */
	mask = umask(022);
	for (size_t i = 0;
	     i < sizeof(container_steps) / sizeof(*container_steps); i++) {
		if (container_steps[i].run(container, error))
			return -1;
		if (container->plan->verbose)
			tell_done(container_steps[i].words);
	}
	umask(mask);
	return 0;
}

static const struct step {
	int (*run)(struct app *app, struct error *error);
	const char *words; /* STEP_* */
} app_steps[] = {
	{ terminal_setup,
	  "terminal\0\0a process group of its own, the foreground if it is ours\0" TEXT(
		  "before the user changes, while the terminal is ours") },
	{ streams_setup, "streams\0\0"
			 "0, 1 and 2 belong to the user\0" TEXT(
				 "giving them away needs CAP_CHOWN") },
	{ limits_setup,
	  "ulimit\0ulimit\0\0" TEXT("raising needs CAP_SYS_RESOURCE") },
	{ nice_setup, "nice\0nice\0\0" TEXT("raising needs CAP_SYS_NICE") },
	{ oom_setup, "oom-score-adj\0oom-score-adj\0\0" TEXT(
			     "raising needs CAP_SYS_RESOURCE") },
	{ umask_setup, "umask\0umask\0\0" TEXT("needs nothing") },
	{ keyring_setup,
	  "keyring\0\0an empty one\0" TEXT(
		  "on rind's account, which root's limits are wider for") },
	{ groups_setup,
	  "groups\0user,groups\0those of rind\0" TEXT("needs CAP_SETGID") },
	{ bounding_setup,
	  "bounding set\0cap\0none\0" TEXT("needs CAP_SETPCAP") },
	{ securebits_setup,
	  "securebits\0allow-new-privs\0locked\0" TEXT(
		  "need CAP_SETPCAP, and carry the capabilities over the next two") },
	{ gid_setup,
	  "gid\0user\0that of rind\0" TEXT(
		  "needs CAP_SETGID, which the uid's change takes") },
	{ uid_setup, "uid\0user\0that of rind\0" TEXT("needs CAP_SETUID") },
	{ caps_setup, "capabilities\0cap\0none\0" TEXT(
			      "the whitelist is all that is left") },
	{ new_privs_setup,
	  "no_new_privs\0allow-new-privs\0on\0" TEXT(
		  "after the last change that it could forbid") },
	{ environment_setup,
	  "environment\0clear-env,unset-env,env-file,env\0clear-env=no\0" TEXT(
		  "reads files as the app's user, so that permission counts") },
	{ descriptors_setup, "descriptors\0keep-fd\0"
			     "0, 1 and 2 alone stay open\0" TEXT(
				     "after the last step that opens one") },
	{ workdir_setup,
	  "workdir\0workdir\0\0" TEXT(
		  "as the app's user, with no descriptor left to lead outside") },
	{ verify_setup, "verify\0\0the kernel is asked what the app is\0" TEXT(
				"nothing changes after it but the mask") },
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
	for (size_t i = 0; i < sizeof(app_steps) / sizeof(*app_steps); i++) {
		int result = app_steps[i].run(app, error);

		if (result < 0)
			return -1;
		if (app->plan->verbose && result != STEP_LEFT_OUT)
			tell_done(app_steps[i].words);
	}
	return 0;
}

void steps_tell(step_teller *tell_step, void *context)
{
	for (size_t i = 0;
	     i < sizeof(container_steps) / sizeof(*container_steps); i++)
		tell_step(context, container_steps[i].words);
	for (size_t i = 0; i < sizeof(app_steps) / sizeof(*app_steps); i++)
		tell_step(context, app_steps[i].words);
}
