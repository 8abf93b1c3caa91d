/* The places of mounts inside the new root, made where they are missing. */
#include "setup/mounts/make_target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sys/fds.h"
#include "sys/resolve.h"

static bool may_create(const struct container *container, int directory)
{
	struct statfs status;

	return container->new_root ||
	       (!fstatfs(directory, &status) && status.f_type == TMPFS_MAGIC);
}

/* --explain leaves no trace: it creates in a /dev of rind's own alone. */
static bool is_barred(const struct container *container, int directory)
{
	struct stat status;

	return container->plan->explain &&
	       (fstat(directory, &status) ||
		status.st_dev != container->own_dev);
}

/* Creates NAME in DIRECTORY, which is no link and no parent of the root. */
static int create_in(int directory, const char *name, enum target_kind kind)
{
	int fd;

	if (kind == TARGET_DIRECTORY)
		return mkdirat(directory, name, 0755);
	fd = openat(directory, name,
		    O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* EEXIST: another start has made it just now, or a link leads nowhere. */
static int open_made(int root, const char *path)
{
	int fd = resolve_in_root(root, path);

	if (fd < 0 && errno == ENOENT)
		errno = EEXIST;
	return fd;
}

/*
 * Part by part: each is looked up from the root, so that what comes before it
 * may be a link, and created where it is missing, which a link never is.
 */
int target_make(const struct container *container, const char *path,
		enum target_kind kind)
{
	char part[PATH_MAX];
	size_t at = 1;
	int root = container->root;
	int directory;

	if (strlen(path) >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(part, path, strlen(path) + 1);
	directory = resolve_in_root(root, "/");
	while (directory >= 0) {
		size_t end = at + strcspn(part + at, "/");
		size_t behind = end + strspn(part + end, "/");
		bool last = !part[behind];
		int next;

		part[end] = '\0';
		next = resolve_in_root(root, part);
		if (next < 0 && errno == ENOENT &&
		    may_create(container, directory)) {
			if (is_barred(container, directory))
				errno = ECANCELED;
			else if (!create_in(directory, part + at,
					    last ? kind : TARGET_DIRECTORY) ||
				 errno == EEXIST)
				next = open_made(root, part);
		}
		close_keeping_errno(directory);
		directory = next;
		if (last)
			break;
		part[end] = '/';
		at = behind;
	}
	return resolve_not_root(root, directory);
}
