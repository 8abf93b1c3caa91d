/*
 * The app's process group or session, and the terminal's foreground for it
 * (credentials(7), tty_ioctl(4)).
 */
#include <sys/ioctl.h>
#include <unistd.h>

#include "setup/steps.h"
#include "sys/terminal.h"

static int lead_session(struct error *error)
{
	if (setsid() < 0)
		return error_errno(error, "terminal", "session", NULL);
	/* Fails where another session has the terminal, which keeps it. */
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	return 0;
}

static int lead_group(const struct app *app, struct error *error)
{
	const struct inherited *inherited = app->inherited;
	int terminal = inherited->foreground ? inherited->terminal : -1;

	/* The app is rind's own process then: there is nothing to divide. */
	if (app->plan->supervision.exec)
		return 0;
	return terminal_start_group(terminal, error);
}

static int lead_group_or_session(struct app *app, struct error *error)
{
	switch (app->plan->process.session) {
	case SESSION_OWN_GROUP:
		return lead_group(app, error);
	case SESSION_OWN:
		return lead_session(error);
	case SESSION_SHARED:
		break;
	}
	return 0;
}

const struct app_step terminal_step = {
	.text = { .name = "terminal",
		  .defaults = { { NULL,
				  "a process group of its own, the "
				  "foreground if rind has it; without a "
				  "terminal, in a session without one" } } },
	.run = lead_group_or_session,
};
