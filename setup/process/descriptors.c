/*
 * Descriptors: the app gets 0, 1, 2 and those that were named, nothing else. A
 * directory or socket that leaks in from the engine is a way out of the
 * container (the class of CVE-2024-21626).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/list.h"
#include "lib/number.h"
#include "lib/text.h"
#include "setup/mounts/planned_mounts.h"
#include "setup/process/socket_activation.h"
#include "setup/steps.h"
#include "sys/fds.h"

/* The first behind the standard streams, which stay open. */
enum {
	FIRST_FD = STDERR_FILENO + 1
};

static const char *read_keep_fd(struct plan *plan, const char *value)
{
	unsigned long fd;

	/* INT_MAX stands for "none": sys/fds.h. */
	if (number_read(value, INT_MAX - 1, &fd))
		return "not a descriptor's number";
	list_add(&plan->process.keep_fds, value);
	return NULL;
}

static void clear_keep_fds(struct plan *plan)
{
	plan->process.keep_fds = (struct list){ 0 };
}

static const struct option descriptors_options[] = {
	{ .name = "keep-fd",
	  .metavar = "N",
	  .help = "keep descriptor N open",
	  .kind = OPTION_VALUE,
	  .read = read_keep_fd,
	  .clear = clear_keep_fds,
	  .repeatable = true },
};

const struct option_table descriptors_option_table =
	OPTION_TABLE(GROUP_PROCESS, descriptors_options);

/* Item I of --keep-fd, which read_keep_fd() has checked. */
static int kept_fd(const struct list *keep_fds, size_t i)
{
	unsigned long fd = 0;

	number_read(keep_fds->items[i], INT_MAX, &fd);
	return (int)fd;
}

/* Before rind opens descriptors of its own, which could have that number. */
int descriptors_check(const struct app *app, struct error *error)
{
	const struct list *keep_fds = &app->plan->process.keep_fds;

	for (size_t i = 0; i < keep_fds->length; i++)
		if (fcntl(kept_fd(keep_fds, i), F_GETFD) < 0)
			return error_errno(error, "keep-fd", keep_fds->items[i],
					   "open it before rind starts");
	return 0;
}

/* The first of --keep-fd at or above FROM, or INT_MAX. */
static int next_of_option(const struct app *app, int from)
{
	const struct list *keep_fds = &app->plan->process.keep_fds;
	int next = INT_MAX;

	for (size_t i = 0; i < keep_fds->length; i++) {
		int fd = kept_fd(keep_fds, i);

		if (fd >= from && fd < next)
			next = fd;
	}
	return next;
}

/* A fds_next_kept(): the sockets of LISTEN_FDS, --keep-fd, and rind's own. */
static int next_kept(const void *context, int from)
{
	const struct app *app = context;
	struct fd_array own = { app->own_fds, 2 };
	int next = fds_next_in_array(&own, from);
	int of_option = next_of_option(app, from);

	if (from < FIRST_FD + app->listen_fds)
		return from;
	return of_option < next ? of_option : next;
}

static int refuse_directory(int fd, struct error *error)
{
	char object[16];
	struct text text = text_in(object, sizeof(object));
	struct stat status;

	if (fstat(fd, &status)) {
		if (errno == EBADF)
			return 0;
		return error_errno(error, "descriptors", "stat", NULL);
	}
	if (!S_ISDIR(status.st_mode))
		return 0;
	text_addf(&text, "%d", fd);
	return error_set(error, "descriptors", object,
			 "a directory of the old root",
			 "close it, or the app could leave the new root by it");
}

/* A directory of the old root leads back to all of it. */
static int refuse_directories(const struct app *app, struct error *error)
{
	for (int fd = 0; fd < FIRST_FD; fd++)
		if (refuse_directory(fd, error))
			return -1;
	for (int fd = next_kept(app, FIRST_FD); fd != INT_MAX;
	     fd = next_kept(app, fd + 1))
		if (refuse_directory(fd, error))
			return -1;
	return 0;
}

static int refuse_listed(int fd, struct error *error)
{
	char object[16];
	char reason[80];
	char cure[48];
	struct text text = text_in(object, sizeof(object));
	struct stat status;
	const char *kind;

	if (fstat(fd, &status))
		return error_errno(error, "descriptors", "stat", NULL);
	kind = socket_activation_refuses(fd, &status);
	if (!kind)
		return 0;
	text_addf(&text, "%d", fd);
	text = text_in(reason, sizeof(reason));
	text_addf(&text, "%s, which LISTEN_FDS does not pass", kind);
	text = text_in(cure, sizeof(cure));
	text_addf(&text, "close it, or add --keep-fd=%s", object);
	return error_set(error, "descriptors", object, reason, cure);
}

/*
 * LISTEN_FDS may name numbers that are not open, and those of rind's own, which
 * close when the app begins. What --keep-fd names as well is the user's choice.
 */
static bool is_passed_by_listen_fds(const struct app *app, int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && !(flags & FD_CLOEXEC) &&
	       next_of_option(app, fd) != fd;
}

static int check_listen_fds(const struct app *app, struct error *error)
{
	for (int fd = FIRST_FD; fd < FIRST_FD + app->listen_fds; fd++)
		if (is_passed_by_listen_fds(app, fd) &&
		    refuse_listed(fd, error))
			return -1;
	return 0;
}

static int close_descriptors(struct app *app, struct error *error)
{
	if (!app->plan->process.close_descriptors)
		return 0;
	if (fds_close_all(FIRST_FD, next_kept, app))
		return error_errno(error, "descriptors", NULL, NULL);
	if (planned_root(app->plan) && refuse_directories(app, error))
		return -1;
	return check_listen_fds(app, error);
}

const struct app_step descriptors_step = {
	.text = { .name = "descriptors",
		  .options = { "keep-fd" },
		  .defaults = { { NULL, "0, 1 and 2 alone stay open" } } },
	.run = close_descriptors,
};
