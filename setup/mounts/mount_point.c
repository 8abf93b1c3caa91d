/* The places of mounts inside the new root, made where they are missing. */
#include "setup/mounts/mount_point.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/descriptor.h"
#include "sys/resolve.h"

static bool may_create(const struct container *container, int directory)
{
	struct statfs status;

	return container->new_root ||
	       (!fstatfs(directory, &status) && status.f_type == TMPFS_MAGIC);
}

/* --explain leaves no trace: the /dev of rind's own goes with the process. */
static bool leaves_a_trace(const struct container *container, int directory)
{
	struct stat status;

	return container->plan->explain &&
	       (fstat(directory, &status) ||
		status.st_dev != container->own_dev);
}

static int create_file(int directory, const char *name)
{
	int fd = openat(directory, name,
			O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY,
			0644);

	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/*
 * Creates NAME in DIRECTORY, and opens it again as PATH, by which a link is
 * followed. EEXIST is either of two: another start has made NAME in this
 * moment, and PATH opens; or NAME is a link that dangles, and does not.
 */
static int create(const struct container *container, int directory,
		  const char *name, const char *path,
		  enum mount_point_kind kind)
{
	int fd;
	int result;

	if (leaves_a_trace(container, directory)) {
		errno = ECANCELED;
		return -1;
	}
	result = kind == MOUNT_POINT_DIRECTORY ? mkdirat(directory, name, 0755)
					       : create_file(directory, name);
	if (result && errno != EEXIST)
		return -1;
	fd = resolve_in_root(container->root, path);
	if (fd < 0 && errno == ENOENT)
		errno = EEXIST;
	return fd;
}

/* Opens PATH, whose last part is NAME in DIRECTORY, or creates it. */
static int open_or_create(const struct container *container, int directory,
			  const char *name, const char *path,
			  enum mount_point_kind kind)
{
	int fd = resolve_in_root(container->root, path);

	if (fd >= 0 || errno != ENOENT || !may_create(container, directory))
		return fd;
	return create(container, directory, name, path, kind);
}

/*
 * Part by part: "/a", "/a/b", and so on. Each is looked up from the root, so
 * that every part may be a link, but created in its directory, where a link is
 * not followed.
 */
int mount_point_open(const struct container *container, const char *path,
		     enum mount_point_kind kind)
{
	char prefix[PATH_MAX];
	char *name = prefix + 1;
	bool last = false;
	int directory;

	if (strlen(path) >= sizeof(prefix)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(prefix, path, strlen(path) + 1);
	directory = resolve_in_root(container->root, "/");
	while (directory >= 0 && !last) {
		char *end = name + strcspn(name, "/");
		char *next_name = end + strspn(end, "/");
		int next;

		last = *next_name == '\0';
		*end = '\0';
		next = open_or_create(container, directory, name, prefix,
				      last ? kind : MOUNT_POINT_DIRECTORY);
		close_keeping_errno(directory);
		directory = next;
		if (!last)
			*end = '/';
		name = next_name;
	}
	return resolve_refuse_root(container->root, directory);
}
