/* Socket activation (sd_listen_fds(3)). */
#include "setup/process/socket_activation.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "setup/process/variables.h"
#include "sys/fds.h"
#include "sys/kernel_constants.h"

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

/*
 * A POSIX message queue (sd_is_mq(3)), or a memfd, which a service may have
 * kept in systemd's descriptor store: no path leads to the latter, so it has no
 * links.
 */
static bool is_queue_or_memory(int fd, const struct stat *status)
{
	struct statfs file_system;

	if (fstatfs(fd, &file_system))
		return false;
	return file_system.f_type == MQUEUE_MAGIC ||
	       (file_system.f_type == TMPFS_MAGIC && !status->st_nlink);
}

const char *socket_activation_refuses(int fd, const struct stat *status)
{
	/* It stands for a path, whatever lies there. */
	if (fcntl(fd, F_GETFL) & O_PATH)
		return "an O_PATH descriptor";
	switch (status->st_mode & S_IFMT) {
	case S_IFSOCK:
	case S_IFIFO:
	case S_IFCHR:
		return NULL;
	case S_IFREG:
		return is_queue_or_memory(fd, status) ? NULL : "a regular file";
	case S_IFDIR:
		return "a directory";
	case S_IFBLK:
		return "a block device";
	default:
		return "an object of another kind";
	}
}
