/*
 * Trust, but verify: the last look before the exec asks the kernel what this
 * process really is, and tries to get back what it gave up.
 */
#include <errno.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "setup/steps.h"
#include "sys/capset.h"
#include "sys/ids.h"

static bool groups_are(const struct identity *id)
{
	gid_t *own;
	int count;

	if (!id->set_groups)
		return true;
	count = ids_read_groups(&own);
	return count >= 0 && (size_t)count == id->group_count &&
	       (!count ||
		!memcmp(own, id->groups, (size_t)count * sizeof(*own)));
}

static bool bounding_is(const struct app *app)
{
	uint64_t bounding;

	return app->no_setpcap ||
	       (!capset_bounding(&bounding) && bounding == app->caps);
}

static bool securebits_are(const struct app *app)
{
	unsigned int bits = cap_get_secbits() & ~(unsigned int)SECBIT_KEEP_CAPS;

	return app->no_setpcap ||
	       bits == capset_locked_securebits(
			       app->plan->confinement.allow_new_privs);
}

static bool new_privs_are(const struct app *app)
{
	return app->plan->confinement.allow_new_privs ||
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* Each of these must fail; an app that may change its uid is not asked. */
static bool root_is_gone(const struct app *app)
{
	if (app->identity.uid && !(app->caps & capset_bit(CAP_SETUID)) &&
	    (!syscall(SYS_setresuid, 0, 0, 0) ||
	     !syscall(SYS_setresuid, -1, 0, -1)))
		return false;
	if (app->identity.gid && !(app->caps & capset_bit(CAP_SETGID)) &&
	    !syscall(SYS_setresgid, 0, 0, 0))
		return false;
	return true;
}

static bool caps_are_gone(const struct app *app)
{
	uint64_t all = capset_known();

	return app->caps == all || capset_keep(all, app->caps);
}

int verify_setup(struct app *app, struct error *error)
{
	bool strict = app->plan->confinement.verify_capabilities;
	bool may_return = !strict && (app->plan->identity.one_by_one ||
				      app->identity.uid == app->inherited->uid);
	const struct {
		const char *what;
		bool holds;
	} checks[] = {
		{ "uid or gid", ids_are(app->identity.uid, app->identity.gid) },
		{ "groups", groups_are(&app->identity) },
		{ "capability sets",
		  !strict || capset_are(app->caps, app->caps) },
		{ "bounding set", !strict || bounding_is(app) },
		{ "securebits", !strict || securebits_are(app) },
		{ "no_new_privs", new_privs_are(app) },
		{ "root can be regained", may_return || root_is_gone(app) },
		{ "capabilities can be regained",
		  !strict || caps_are_gone(app) },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i].holds)
			return error_set(error, "verify", checks[i].what,
					 "the kernel says otherwise than asked",
					 "the app was not started");
	return 0;
}
