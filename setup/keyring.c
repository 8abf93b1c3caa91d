/* The session keyring (session-keyring(7)). */
#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/packed.h"
#include "setup/rooms.h"

/*
 * rind's own came with the login or service that started it, and who inherits
 * it possesses the keys in it, whatever uid he has. ENOSYS: there are none
 * here. EPERM: a filter, which the app has over it as well.
 */
int keyring_setup(struct app *app, struct error *error)
{
	(void)app;
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 ||
	    errno == ENOSYS || errno == EPERM)
		return 0;
	return error_errno(error, "keyring", "session",
			   TEXT("/proc/sys/kernel/keys has the limits"));
}
