/* The session keyring (session-keyring(7)). */
#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "setup/steps.h"

/*
 * rind's session keyring came with the login or service that started rind, and
 * who inherits it possesses the keys in it, whatever uid he has. So the app
 * gets an empty one; with another tool's name the caller's stays, whose keys
 * may be what the tool is run for.
 */
static int join_new_keyring(struct app *app, struct error *error)
{
	if (!app->plan->confinement.new_keyring)
		return STEP_LEFT_OUT;
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
		return 0;
	/*
	 * ENOSYS: this kernel has no keyrings. EPERM: a system call filter,
	 * which keeps the app from them as well.
	 */
	if (errno == ENOSYS || errno == EPERM) {
		if (app->plan->verbose)
			log_line("keyring: refused, also to the app", LOG_NOW);
		return STEP_LEFT_OUT;
	}
	return error_errno(error, "keyring", "session",
			   "raise the limits in /proc/sys/kernel/keys");
}

const struct app_step keyring_step = {
	.text = { .name = "keyring",
		  .defaults = { { NULL, "a new, empty keyring" } } },
	.run = join_new_keyring,
};
