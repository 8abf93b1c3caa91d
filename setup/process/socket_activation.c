/* Socket activation (sd_listen_fds(3)). */
#include "setup/process/socket_activation.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "setup/process/variables.h"
#include "sys/fds.h"

/*
 * The item of LIST that is the variable NAME with which rind was started; NULL
 * where it has another value: a file of the image's could name any number of
 * descriptors.
 */
static char **find_own(const struct list *list, const char *name)
{
	const char *own = NULL;

	/* Of two with that name the last counts, as it does in LIST. */
	for (char **item = environ; item && *item; item++)
		if (variable_is_named(*item, name))
			own = *item;
	for (size_t i = 0; own && i < list->length; i++)
		if (list->items[i] == own)
			return &list->items[i];
	return NULL;
}

static void remove_item(struct list *list, char **item)
{
	char **end = list->items + list->length;

	/* The NULL at the end moves along. */
	memmove(item, item + 1, (size_t)(end - item) * sizeof(*item));
	list->length--;
}

int socket_activation_pass(struct app *app, struct list *variables,
			   struct error *error)
{
	char **pid = find_own(variables, "LISTEN_PID");
	char **fds = find_own(variables, "LISTEN_FDS");
	char **pidfd_id;
	unsigned long number;

	if (!pid || !fds ||
	    number_read(variable_value(*pid), INT_MAX, &number) ||
	    (pid_t)number != app->inherited->pid)
		return 0;
	if (number_read(variable_value(*fds), FDS_MAX, &number))
		return error_set(error, "environment", *fds,
				 "not a number of descriptors",
				 "set LISTEN_FDS to the number of sockets");
	app->listen_fds = (int)number;
	*pid = arena_printf("LISTEN_PID=%d", getpid());
	/* It names rind's pidfd, so the app would refuse (systemd 258). */
	pidfd_id = find_own(variables, "LISTEN_PIDFDID");
	if (pidfd_id)
		remove_item(variables, pidfd_id);
	return 0;
}
