/* Paths inside the new root. */
#include "sys/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/descriptor.h"

enum {
	LINKS_MAX = 40 /* MAXSYMLINKS, path_resolution(7) */
};

/*
 * A walk from ROOT, part by part. WALKED is the path so far, relative to the
 * root: it has no links, so ".." cuts off its last part. PENDING is the rest of
 * the path, with the targets of links put before it.
 */
struct walk {
	int root;
	int directory; /* O_PATH: where WALKED leads; -1: the walk failed */
	int links;     /* that were followed so far */
	char walked[PATH_MAX];
	char pending[2 * PATH_MAX];
};

static int fail(int number)
{
	errno = number;
	return -1;
}

static int open_part(int directory, const char *name)
{
	return openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

static void move_to(struct walk *walk, int fd)
{
	close_keeping_errno(walk->directory);
	walk->directory = fd;
}

/*
 * Walks WALKED again from the root. It had no links when it was walked, but a
 * process of an earlier container may still write to the image: O_NOFOLLOW on
 * each part keeps a link that appeared since from leading out.
 */
static int walk_again(struct walk *walk)
{
	char path[PATH_MAX];
	char *rest = path;
	char *part;

	memcpy(path, walk->walked, sizeof(path));
	move_to(walk, open_part(walk->root, "."));
	while (walk->directory >= 0 && *path && (part = strsep(&rest, "/")))
		move_to(walk, open_part(walk->directory, part));
	return walk->directory < 0 ? -1 : 0;
}

static void cut_last_part(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = '\0';
	else
		*path = '\0';
}

static int go_up(struct walk *walk)
{
	cut_last_part(walk->walked);
	return walk_again(walk);
}

/* Puts TARGET, a link's, before PENDING. An absolute one begins at the root. */
static int follow_link(struct walk *walk, const char *target)
{
	size_t length = strlen(target);
	size_t left = strlen(walk->pending);

	if (++walk->links > LINKS_MAX)
		return fail(ELOOP);
	if (length + 1 + left >= sizeof(walk->pending))
		return fail(ENAMETOOLONG);
	memmove(walk->pending + length + 1, walk->pending, left + 1);
	memcpy(walk->pending, target, length);
	walk->pending[length] = '/';
	if (*target != '/')
		return 0;
	walk->walked[0] = '\0';
	return walk_again(walk);
}

/* Takes one part of the path that is not "." or "..". */
static int enter(struct walk *walk, const char *name)
{
	char target[PATH_MAX];
	size_t length = strlen(walk->walked);
	ssize_t target_length;
	int fd;

	if (length + 1 + strlen(name) >= sizeof(walk->walked))
		return fail(ENAMETOOLONG);
	fd = open_part(walk->directory, name);
	if (fd < 0)
		return -1;
	target_length = readlinkat(fd, "", target, sizeof(target) - 1);
	if (target_length >= 0) {
		close(fd);
		target[target_length] = '\0';
		return follow_link(walk, target);
	}
	/* No link: it becomes a part of WALKED. */
	if (length)
		walk->walked[length++] = '/';
	memcpy(walk->walked + length, name, strlen(name) + 1);
	move_to(walk, fd);
	return 0;
}

/*
 * Cuts the next part off PENDING into NAME, which is empty at the end. Returns
 * 0, or -1 with ENAMETOOLONG.
 */
static int next_part(struct walk *walk, char name[NAME_MAX + 1])
{
	size_t start = strspn(walk->pending, "/");
	size_t length = strcspn(walk->pending + start, "/");
	char *rest = walk->pending + start + length;

	if (length > NAME_MAX)
		return fail(ENAMETOOLONG);
	memcpy(name, walk->pending + start, length);
	name[length] = '\0';
	memmove(walk->pending, rest, strlen(rest) + 1);
	return 0;
}

static int take_part(struct walk *walk, const char *name)
{
	if (!strcmp(name, "."))
		return 0;
	if (!strcmp(name, ".."))
		return go_up(walk);
	return enter(walk, name);
}

static int walk_by_hand(int root, const char *path)
{
	struct walk walk = { .root = root, .directory = -1 };
	char name[NAME_MAX + 1];
	int result;

	if (strlen(path) >= sizeof(walk.pending))
		return fail(ENAMETOOLONG);
	memcpy(walk.pending, path, strlen(path) + 1);
	result = walk_again(&walk);
	*name = '\0';
	do {
		if (!result)
			result = next_part(&walk, name);
		if (!result && *name)
			result = take_part(&walk, name);
	} while (!result && *name);
	return result ? close_keeping_errno(walk.directory) : walk.directory;
}

int resolve_in_root(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	/* EPERM: filters of engines refuse a call that they do not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return walk_by_hand(root, path);
	return fd;
}

int resolve_refuse_root(int root, int fd)
{
	struct stat root_status;
	struct stat status;

	if (fd < 0)
		return -1;
	if (!fstat(root, &root_status) && !fstat(fd, &status) &&
	    (root_status.st_dev != status.st_dev ||
	     root_status.st_ino != status.st_ino))
		return fd;
	close(fd);
	errno = ELOOP;
	return -1;
}

int resolve_below_root(int root, const char *path)
{
	return resolve_refuse_root(root, resolve_in_root(root, path));
}
