/*
 * What no supervisor can do on a terminal: the kernel sends the signals of its
 * keys and of its size to the app's process group (termios(3)), and rind is not
 * asked. In the background rind would be asked, but an app there cannot read
 * its terminal (SIGTTIN).
 */
#include <signal.h>

#include "lib/array.h"
#include "lib/text.h"
#include "supervise/supervise.h"

/* ^C, ^\\, ^Z and a new size; a read or write from the background. */
static const int terminal_signals[] = { SIGINT,   SIGQUIT, SIGTSTP,
					SIGWINCH, SIGTTIN, SIGTTOU };

static int refuse(struct error *error, const char *object, const char *reason)
{
	return error_set(
		error, "terminal", object, reason,
		"remove it, or start rind without a terminal: setsid -w rind");
}

static int refuse_rewrite(struct error *error, int from, int to)
{
	char names[2][12];
	char object[40];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "--rewrite=%s:%s",
		  signal_name(from, names[0], sizeof(names[0])),
		  to ? signal_name(to, names[1], sizeof(names[1])) : "0");
	return refuse(error, object,
		      "the terminal sends this signal to the app itself");
}

int supervise_check(const struct plan *plan, const struct inherited *inherited,
		    struct error *error)
{
	const struct plan_supervision *supervision = &plan->supervision;

	if (!supervision->refuse_on_terminal || inherited->terminal < 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(terminal_signals); i++) {
		int from = terminal_signals[i];

		if (supervision->rewrite[from] != from)
			return refuse_rewrite(error, from,
					      supervision->rewrite[from]);
	}
	if (supervision->forward_to == FORWARD_ALL)
		return refuse(error, "--forward-to=all",
			      "the terminal sends its signals to the app's "
			      "process group alone");
	return 0;
}
