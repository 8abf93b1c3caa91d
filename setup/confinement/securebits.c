/* The securebits that the app gets (capabilities(7)). */
#include <errno.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "setup/steps.h"
#include "sys/capset.h"

/*
 * KEEP_CAPS carries the permitted set over the change of uid that follows; the
 * exec clears it.
 */
static int lock_bits(const struct app *app)
{
	bool changes_uid = app->identity.uid != app->inherited->uid;
	bool keep_caps = app->capabilities && changes_uid;
	unsigned int bits = capset_locked_securebits(app->root_gains);

	if (keep_caps)
		bits |= SECBIT_KEEP_CAPS;
	if (app->has_setpcap)
		return cap_set_secbits(bits);
	/* This bit alone needs no privilege. */
	return keep_caps ? prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) : 0;
}

/* The bits as they are, but for the changes that setpriv was asked for. */
static int change_bits(const struct plan_confinement *plan)
{
	const struct plan_change *change = &plan->changes[SET_SECUREBITS];
	unsigned int bits;

	if (plan->keep_caps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return -1;
	if (!plan_change_is_any(change))
		return 0;
	bits = cap_get_secbits();
	bits &= ~(unsigned int)change->clear;
	bits |= (unsigned int)change->set;
	return cap_set_secbits(bits);
}

static int set_securebits(struct app *app, struct error *error)
{
	const struct plan_confinement *plan = &app->plan->confinement;
	int result = plan->lock_securebits ? lock_bits(app) : change_bits(plan);

	if (result)
		return error_errno(error, "caps", "securebits",
				   "add --unshare=user: an outer program has "
				   "locked them");
	return 0;
}

const struct app_step securebits_step = {
	.text = { .name = "securebits",
		  .options = { "allow-new-privs" },
		  .defaults = { { NULL, "locked" } } },
	.run = set_securebits,
};
