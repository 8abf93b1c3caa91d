/* Paths inside the new root, whatever the image's links say. */
#include "sys/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/fds.h"

enum {
	LINKS_MAX = 40
}; /* MAXSYMLINKS, path_resolution(7) */

/*
 * A walk by hand: REST is what is left to resolve, DONE the real components so
 * far (no links, so ".." is simply one less), both relative to the root.
 */
struct walk {
	int root;
	int at; /* O_PATH: what DONE has led to */
	int links;
	char done[PATH_MAX];
	char rest[2 * PATH_MAX];
};

static int too_long(void)
{
	errno = ENAMETOOLONG;
	return -1;
}

/* Puts TARGET, a link's, before what is left. */
static int follow(struct walk *walk, const char *target)
{
	size_t length = strlen(target);
	size_t left = strlen(walk->rest);

	if (++walk->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (length + 1 + left >= sizeof(walk->rest))
		return too_long();
	memmove(walk->rest + length + 1, walk->rest, left + 1);
	memcpy(walk->rest, target, length);
	walk->rest[length] = '/';
	if (*target == '/')
		walk->done[0] = '\0';
	return 0;
}

static void move_to(struct walk *walk, int fd)
{
	close_keeping_errno(walk->at);
	walk->at = fd;
}

static int open_part(int directory, const char *name)
{
	return openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

/*
 * DONE anew, part by part and none of them through a link: it had none when it
 * was walked, but a process of an earlier container may still write to the
 * root.
 */
static int walk_done(struct walk *walk)
{
	char path[PATH_MAX];
	char *rest = path;
	char *part;

	memcpy(path, walk->done, sizeof(path));
	move_to(walk, open_part(walk->root, "."));
	while (walk->at >= 0 && *path && (part = strsep(&rest, "/")))
		move_to(walk, open_part(walk->at, part));
	return walk->at;
}

static void drop_last(struct walk *walk)
{
	char *slash = strrchr(walk->done, '/');

	*(slash ? slash : walk->done) = '\0';
}

/* Takes one component, not "." or "..". */
static int enter(struct walk *walk, const char *name)
{
	char link[PATH_MAX];
	size_t length = strlen(walk->done);
	ssize_t target;
	int fd;

	if (length + 1 + strlen(name) >= sizeof(walk->done))
		return too_long();
	if (length)
		walk->done[length++] = '/';
	memcpy(walk->done + length, name, strlen(name) + 1);
	fd = open_part(walk->at, name);
	if (fd < 0)
		return -1;
	target = readlinkat(fd, "", link, sizeof(link) - 1);
	if (target < 0) { /* no link */
		move_to(walk, fd);
		return 0;
	}
	close(fd);
	link[target] = '\0';
	drop_last(walk);
	if (follow(walk, link))
		return -1;
	return *link == '/' && walk_done(walk) < 0 ? -1 : 0;
}

static int walk_by_hand(int root, const char *path)
{
	struct walk walk = { .root = root, .at = -1 };
	char name[NAME_MAX + 1];

	if (strlen(path) >= sizeof(walk.rest))
		return too_long();
	memcpy(walk.rest, path, strlen(path) + 1);
	walk_done(&walk);
	while (walk.at >= 0) {
		size_t start = strspn(walk.rest, "/");
		size_t length = strcspn(walk.rest + start, "/");

		if (!length)
			break;
		if (length > NAME_MAX) {
			errno = ENAMETOOLONG;
			move_to(&walk, -1);
			break;
		}
		memcpy(name, walk.rest + start, length);
		name[length] = '\0';
		memmove(walk.rest, walk.rest + start + length,
			strlen(walk.rest + start + length) + 1);
		if (!strcmp(name, "..")) {
			drop_last(&walk);
			walk_done(&walk);
		} else if (strcmp(name, ".") && enter(&walk, name)) {
			move_to(&walk, -1);
		}
	}
	return walk.at;
}

int resolve_in_root(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));

	/* EPERM: filters of engines that do not know the call. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return walk_by_hand(root, path);
	return fd;
}

int resolve_not_root(int root, int target)
{
	struct stat a;
	struct stat b;

	if (target < 0 || (!fstat(root, &a) && !fstat(target, &b) &&
			   (a.st_dev != b.st_dev || a.st_ino != b.st_ino)))
		return target;
	close(target);
	errno = ELOOP;
	return -1;
}
