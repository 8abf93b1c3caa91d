/* The securebits that the app gets. */
#include "setup/securebits.h"

#include <errno.h>
#include <linux/securebits.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "base/packed.h"
#include "setup/rooms.h"

unsigned int securebits_wanted(bool allow_new_privs)
{
	unsigned int locks = SECBIT_NOROOT_LOCKED |
			     SECBIT_NO_SETUID_FIXUP_LOCKED |
			     SECBIT_KEEP_CAPS_LOCKED;

	return allow_new_privs ? locks : locks | SECBIT_NOROOT;
}

/*
 * KEEP_CAPS carries the permitted set over the change of uid that follows; the
 * exec clears it, also where it is locked. Below another rind it is locked, and
 * can be left out only where the uid stays.
 */
int securebits_setup(struct app *app, struct error *error)
{
	unsigned int wanted = securebits_wanted(app->plan->allow_new_privs);
	bool changes = app->identity.uid != app->start->uid;
	unsigned int keep = app->whitelist && changes ? SECBIT_KEEP_CAPS : 0;
	const struct plan_change *change = &app->plan->changes[SET_SECUREBITS];
	int result = 0;

	if (app->plan->quirks) {
		/* What the uid's change would take is still to be chosen. */
		if (app->plan->quirks & QUIRK_ONE_BY_ONE)
			result = prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
		wanted = cap_get_secbits() & ~(unsigned int)change->clear;
		if (change->set | change->clear)
			result = cap_set_secbits(wanted |
						 (unsigned int)change->set);
	} else if (!app->no_setpcap)
		result = cap_set_secbits(wanted | keep);
	else if (keep)
		result = prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
	if (result)
		return error_errno(
			error, "caps", "securebits",
			TEXT("an outer program locked them; --unshare=user has its own"));
	return 0;
}
