/*
 * Trust, but verify: the last look before the exec.
 *
 * A system call filter may answer "success" and change nothing. So what the
 * earlier steps set is read back from the kernel, and what they gave up is
 * asked for again, which must fail:
 *
 *   always                uid and gid; supplementary groups where they were
 *                         set; no_new_privs where it was set
 *   verify_capabilities   all five capability sets, and the securebits; the
 *                         full sets must not come back
 *   drops_root()          uid 0 and gid 0 must not come back
 *
 * Under other tools' names verify_capabilities is off: what is held there is
 * the caller's and the kernel's choice.
 */
#include <linux/securebits.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "setup/steps.h"
#include "sys/capset.h"
#include "sys/ids.h"

static bool ids_match(const struct app *app)
{
	return ids_are(app->identity.uid, app->identity.uid, app->identity.gid);
}

static bool groups_match(const struct app *app)
{
	const struct identity *id = &app->identity;
	gid_t *own;
	int count;

	if (!id->set_groups)
		return true;
	count = ids_read_groups(&own);
	if (count < 0 || (size_t)count != id->group_count)
		return false;
	return !count || !memcmp(own, id->groups, (size_t)count * sizeof(*own));
}

static bool capabilities_match(const struct app *app)
{
	return !app->plan->confinement.verify_capabilities ||
	       capset_is(app->capabilities, app->passed_on);
}

/* Without CAP_SETPCAP it stays: see check_setpcap() of capabilities.c. */
static bool bounding_set_matches(const struct app *app)
{
	uint64_t bounding;

	if (!app->plan->confinement.verify_capabilities || !app->has_setpcap)
		return true;
	return !capset_read(CAPSET_BOUNDING, &bounding) &&
	       bounding == app->capabilities;
}

/* KEEP_CAPS may be on: the exec clears it. */
static bool securebits_match(const struct app *app)
{
	const struct plan_confinement *plan = &app->plan->confinement;
	unsigned int bits;

	if (!plan->verify_capabilities || !app->has_setpcap)
		return true;
	bits = cap_get_secbits() & ~(unsigned int)SECBIT_KEEP_CAPS;
	return bits == capset_locked_securebits(app->root_gains);
}

static bool no_new_privs_matches(const struct app *app)
{
	return app->plan->confinement.allow_new_privs ||
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/*
 * Whether the app must have no way back to root. Under another tool's name it
 * may hold CAP_SETUID: by setpriv's options, or because its uid stayed and the
 * kernel took nothing from it.
 */
static bool drops_root(const struct app *app)
{
	if (app->plan->confinement.verify_capabilities)
		return true;
	return !app->plan->identity.one_by_one &&
	       app->identity.uid != app->inherited->uid;
}

/* With CAP_SETUID or CAP_SETGID the app may become root: it is not tried. */
static bool cannot_regain_root(const struct app *app)
{
	bool has_setuid = app->capabilities & capset_bit(CAP_SETUID);
	bool has_setgid = app->capabilities & capset_bit(CAP_SETGID);

	if (!drops_root(app))
		return true;
	/* All three ids, and the effective one alone: seteuid(2). */
	if (app->identity.uid && !has_setuid &&
	    (!syscall(SYS_setresuid, 0, 0, 0) ||
	     !syscall(SYS_setresuid, -1, 0, -1)))
		return false;
	return !app->identity.gid || has_setgid ||
	       syscall(SYS_setresgid, 0, 0, 0);
}

static bool cannot_regain_capabilities(const struct app *app)
{
	uint64_t all = capset_known();

	if (!app->plan->confinement.verify_capabilities ||
	    app->capabilities == all)
		return true;
	return capset_set(all, app->passed_on);
}

static const char mismatch[] = "read-back mismatch";
static const char regained[] = "can be regained";

/* In this order: a call that regains something changes what is read back. */
static const struct {
	bool (*holds)(const struct app *app);
	const char *object;
	const char *reason;
} checks[] = {
	{ ids_match, "uid or gid", mismatch },
	{ groups_match, "groups", mismatch },
	{ capabilities_match, "capability sets", mismatch },
	{ bounding_set_matches, "bounding set", mismatch },
	{ securebits_match, "securebits", mismatch },
	{ no_new_privs_matches, "no_new_privs", mismatch },
	{ cannot_regain_root, "root", regained },
	{ cannot_regain_capabilities, "capabilities", regained },
};

static int verify(struct app *app, struct error *error)
{
	for (size_t i = 0; i < ARRAY_LENGTH(checks); i++)
		if (!checks[i].holds(app))
			return error_set(error, "verify", checks[i].object,
					 checks[i].reason,
					 "remove the system call filter that "
					 "fakes success");
	return 0;
}

const struct app_step verify_step = {
	.text = { .name = "verify",
		  .defaults = { { NULL,
				  "the app's credentials are read back" } } },
	.run = verify,
};
