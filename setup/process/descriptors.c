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
#include "setup/mounts/mounts_root.h"
#include "setup/steps.h"
#include "sys/fds.h"

static const char *read_keep_fd(struct plan *plan, const char *value)
{
	unsigned long fd;

	if (number_read(value, INT_MAX - 1, &fd))
		return "not a descriptor's number";
	list_add(&plan->process.keep_fds, value);
	return NULL;
}

static const struct option descriptors_options[] = {
	{ .name = "keep-fd",
	  .metavar = "N",
	  .help = "do not close this descriptor",
	  .kind = OPTION_VALUE,
	  .read = read_keep_fd,
	  .repeatable = true },
};

const struct option_table descriptors_option_table =
	OPTION_TABLE(GROUP_PROCESS, descriptors_options);

static int descriptor_number(const char *text)
{
	unsigned long fd = 0;

	number_read(text, INT_MAX, &fd);
	return (int)fd;
}

/* Before rind opens any of its own, whose number could be meant. */
int descriptors_check(const struct app *app, struct error *error)
{
	for (char **fd = app->plan->process.keep_fds.items; fd && *fd; fd++)
		if (fcntl(descriptor_number(*fd), F_GETFD) < 0)
			return error_errno(error, "keep-fd", *fd,
					   "rind was not started with it");
	return 0;
}

static int next_kept(const void *context, int from)
{
	const struct app *app = context;
	struct fd_array own = { app->own_fds, 2 };
	int next = fds_next_in_array(&own, from);

	if (from < 3 + app->listen_fds)
		return from < 3 ? 3 : from;
	for (char **fd = app->plan->process.keep_fds.items; fd && *fd; fd++)
		if (descriptor_number(*fd) >= from &&
		    descriptor_number(*fd) < next)
			next = descriptor_number(*fd);
	return next;
}

/* A directory of the old root leads back to all of it. */
static int refuse_directories(const struct app *app, struct error *error)
{
	char object[16];
	struct text text = text_in(object, sizeof(object));
	struct stat status;

	for (int fd = 0; fd != INT_MAX;
	     fd = fd < STDERR_FILENO ? fd + 1 : next_kept(app, fd + 1)) {
		if (fstat(fd, &status)) {
			if (errno == EBADF)
				continue;
			return error_errno(error, "descriptors", "stat", NULL);
		}
		if (!S_ISDIR(status.st_mode))
			continue;
		text_addf(&text, "%d", fd);
		return error_set(error, "descriptors", object,
				 "it is a directory of the old root",
				 "the app could leave the new one by it");
	}
	return 0;
}

int descriptors_setup(struct app *app, struct error *error)
{
	if (!app->plan->process.close_descriptors)
		return 0;
	if (fds_close_all(3, next_kept, app))
		return error_errno(error, "descriptors", NULL, NULL);
	return mounts_root(app->plan) ? refuse_directories(app, error) : 0;
}
