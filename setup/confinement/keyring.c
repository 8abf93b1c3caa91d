/* The session keyring (session-keyring(7)). */
#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "setup/steps.h"

/*
 * rind's own came with the login or service that started it, and who inherits
 * it possesses the keys in it, whatever uid he has. ENOSYS: there are none
 * here. EPERM: a filter, which the app has over it as well.
 */
int keyring_setup(struct app *app, struct error *error)
{
	/* A tool leaves it as it is: a login's keys may be what it is for. */
	if (!app->plan->confinement.new_keyring)
		return STEP_LEFT_OUT;
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
		return 0;
	if (errno == ENOSYS || errno == EPERM) {
		if (app->plan->verbose)
			log_line("keyring: refused, to the app as well",
				 LOG_NOW);
		return STEP_LEFT_OUT;
	}
	return error_errno(error, "keyring", "session",
			   "/proc/sys/kernel/keys has the limits");
}
