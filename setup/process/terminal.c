/*
 * The app's process group or session, and the terminal's foreground for it
 * (credentials(7), tty_ioctl(4)).
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "setup/steps.h"
#include "sys/terminal.h"

/* The terminal may be another session's; then it stays so. */
static int lead_session(struct error *error)
{
	if (setsid() < 0)
		return error_errno(error, "terminal", "session", NULL);
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	return 0;
}

int terminal_setup(struct app *app, struct error *error)
{
	const struct inherited *inherited = app->inherited;

	if (app->plan->process.session == SESSION_OWN)
		return lead_session(error);
	/* --exec becomes rind's own process: nothing to divide. */
	if (app->plan->process.session == SESSION_SHARED ||
	    app->plan->supervision.exec)
		return 0;
	return terminal_take(inherited->foreground ? inherited->terminal : -1,
			     error);
}
