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

#include "base/packed.h"
#include "setup/capset.h"
#include "setup/passwd.h"
#include "setup/rooms.h"
#include "setup/securebits.h"

bool ids_are(const struct identity *id)
{
	uid_t uid[3];
	gid_t gid[3];

	return !getresuid(&uid[0], &uid[1], &uid[2]) &&
	       !getresgid(&gid[0], &gid[1], &gid[2]) && uid[0] == id->uid &&
	       uid[1] == id->uid && uid[2] == id->uid && gid[0] == id->gid &&
	       gid[1] == id->gid && gid[2] == id->gid;
}

static bool groups_are(const struct identity *id)
{
	gid_t *own;
	int count;

	if (!id->set_groups)
		return true;
	count = groups_read(&own);
	return count >= 0 && (size_t)count == id->group_count &&
	       (!count ||
		!memcmp(own, id->groups, (size_t)count * sizeof(*own)));
}

static bool bounding_is(const struct app *app)
{
	uint64_t bounding;

	return app->no_setpcap ||
	       (!capset_bounding(&bounding) && bounding == app->whitelist);
}

static bool securebits_are(const struct app *app)
{
	unsigned int bits = cap_get_secbits() & ~(unsigned int)SECBIT_KEEP_CAPS;

	return app->no_setpcap ||
	       bits == securebits_wanted(app->plan->allow_new_privs);
}

static bool new_privs_are(const struct app *app)
{
	return (app->plan->allow_new_privs &&
		!(app->plan->quirks & QUIRK_NO_NEW_PRIVS)) ||
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* Each of these must fail; an app that may change its uid is not asked. */
static bool root_is_gone(const struct app *app)
{
	if (app->identity.uid && !(app->whitelist & capset_bit(CAP_SETUID)) &&
	    (!syscall(SYS_setresuid, 0, 0, 0) ||
	     !syscall(SYS_setresuid, -1, 0, -1)))
		return false;
	if (app->identity.gid && !(app->whitelist & capset_bit(CAP_SETGID)) &&
	    !syscall(SYS_setresgid, 0, 0, 0))
		return false;
	return true;
}

static bool caps_are_gone(const struct app *app)
{
	uint64_t all = capset_known();

	return app->whitelist == all || capset_keep(all, app->whitelist);
}

int verify_setup(struct app *app, struct error *error)
{
	bool as_it_is = app->plan->quirks;
	bool may_return = as_it_is && (app->plan->quirks & QUIRK_ONE_BY_ONE ||
				       app->identity.uid == app->start->uid);
	const struct {
		const char *what;
		bool holds;
	} checks[] = {
		{ "uid or gid", ids_are(&app->identity) },
		{ "groups", groups_are(&app->identity) },
		{ "capability sets",
		  as_it_is || capset_are(app->whitelist, app->whitelist) },
		{ "bounding set", as_it_is || bounding_is(app) },
		{ "securebits", as_it_is || securebits_are(app) },
		{ "no_new_privs", new_privs_are(app) },
		{ "root can be regained", may_return || root_is_gone(app) },
		{ "capabilities can be regained",
		  as_it_is || caps_are_gone(app) },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i].holds)
			return error_set(
				error, "verify", checks[i].what,
				TEXT("the kernel says otherwise than asked"),
				TEXT("the app was not started"));
	return 0;
}
