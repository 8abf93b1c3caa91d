/*
 * The order, and why. This table is the security argument: a step takes what a
 * later one gives up, and nothing of the app's runs before the last row.
 */
#include "setup/setup.h"

#include "base/say.h"
#include "base/text.h"
#include "setup/rooms.h"

static const struct step {
	const char *name;
	int (*run)(struct app *app, struct error *error);
	const char *reason;
} steps[] = {
	{ "terminal", terminal_setup,
	  "before the user changes, while the terminal is ours" },
	{ "streams", streams_setup, "giving them away needs CAP_CHOWN" },
	{ "ulimit", limits_setup, "raising needs CAP_SYS_RESOURCE" },
	{ "nice", nice_setup, "raising needs CAP_SYS_NICE" },
	{ "oom-score-adj", oom_setup, "raising needs CAP_SYS_RESOURCE" },
	{ "umask", umask_setup, "needs nothing" },
	{ "groups", groups_setup, "needs CAP_SETGID" },
	{ "bounding set", bounding_setup, "needs CAP_SETPCAP" },
	{ "securebits", securebits_setup,
	  "need CAP_SETPCAP, and carry the capabilities over the next two" },
	{ "gid", gid_setup, "needs CAP_SETGID, which the uid's change takes" },
	{ "uid", uid_setup, "needs CAP_SETUID" },
	{ "capabilities", caps_setup, "the whitelist is all that is left" },
	{ "no_new_privs", new_privs_setup,
	  "after the last change that it could forbid" },
	{ "environment", environment_setup,
	  "reads files as the app's user, so that permission counts" },
	{ "workdir", workdir_setup, "the same" },
	{ "descriptors", descriptors_setup,
	  "after the last step that opens one" },
	{ "verify", verify_setup, "nothing changes after it but the mask" },
};

const struct facility *const facilities[] = {
	&user_facility,         &caps_facility,        &new_privs_facility,
	&workdir_facility,      &priority_facility,    &limits_facility,
	&environment_facility,  &descriptors_facility, &supervision_facility,
	&parent_death_facility, &looking_facility,     NULL,
};

static int (*const preparations[])(struct app *app, struct error *error) = {
	descriptors_prepare,
	user_prepare,
	caps_prepare,
};

int setup_prepare(struct app *app, struct error *error)
{
	for (size_t i = 0; i < sizeof(preparations) / sizeof(*preparations);
	     i++)
		if (preparations[i](app, error))
			return -1;
	return 0;
}

static void tell(const struct step *step)
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

int setup_run(struct app *app, struct error *error)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i].run(app, error))
			return -1;
		if (app->plan->verbose)
			tell(&steps[i]);
	}
	return 0;
}
