/* /dev: its nodes, its links, and the console. */
#include "setup/mounts/device_nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "setup/mounts/make_target.h"
#include "setup/mounts/mount_error.h"
#include "setup/steps.h"
#include "sys/mount_api.h"
#include "sys/resolve.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *path;
	unsigned int major, minor;
} nodes[] = {
	{ "/dev/null", 1, 3 },    { "/dev/zero", 1, 5 },
	{ "/dev/full", 1, 7 },    { "/dev/random", 1, 8 },
	{ "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "/dev/ptmx", "pts/ptmx" },
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

/* Binds what SOURCE is outside onto PATH inside. */
static int bind_node(const struct container *container, const char *source,
		     const char *path, struct error *error)
{
	struct mount_request request = { .source = source,
					 .attributes = ATTR_NOSUID |
						       ATTR_NOEXEC,
					 .path = path,
					 .root = container->root };
	int target = target_make(container, path, TARGET_FILE);
	int made = target < 0 ? -1 : mount_make(&request, target);

	return mount_end(made, target, "node", path, error);
}

static bool is_node(int directory, size_t i)
{
	struct stat status;

	return !fstatat(directory, nodes[i].path + strlen("/dev/"), &status,
			AT_SYMLINK_NOFOLLOW) &&
	       S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(nodes[i].major, nodes[i].minor);
}

bool device_nodes_have_null(int directory)
{
	return is_node(directory, 0);
}

static bool is_not_there(int directory, const char *name)
{
	struct stat status;

	return fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0;
}

/* DIRECTORY is /dev; mknod(2) is refused in every user namespace. */
static int finish_node(const struct container *container, int directory,
		       size_t i, struct error *error)
{
	const char *path = nodes[i].path;
	mode_t mask;
	int made;

	if (!is_not_there(directory, path + strlen("/dev/")))
		return 0;
	mask = umask(0);
	made = mknodat(directory, path + strlen("/dev/"), S_IFCHR | 0666,
		       makedev(nodes[i].major, nodes[i].minor));
	umask(mask);
	/* A filter may say yes and make none, for package managers' sake. */
	if (!made && is_node(directory, i))
		return 0;
	if (made && errno != EPERM)
		return mount_error("node", path, error);
	if (bind_node(container, path, path, error))
		return -1;
	return is_node(directory, i) ? 0
				     : error_set(error, "mounts", path,
						 "it is not that device", NULL);
}

/*
 * By its name: the descriptor came with rind, and its mount is of the namespace
 * outside, where nothing may be bound from. A terminal of no name in here, as
 * an engine may hand it in, is nobody's console.
 */
static int finish_console(const struct container *container, int directory,
			  struct error *error)
{
	int terminal = container->terminal;
	struct stat own;
	struct stat named;
	char name[64];

	if (terminal < 0 || !is_not_there(directory, "console") ||
	    mount_place(terminal, name, sizeof(name)) || stat(name, &named) ||
	    fstat(terminal, &own) || own.st_dev != named.st_dev ||
	    own.st_ino != named.st_ino)
		return 0;
	return bind_node(container, name, "/dev/console", error);
}

int device_nodes_finish(const struct container *container, struct error *error)
{
	int directory = resolve_in_root(container->root, "/dev");
	int writable = directory < 0
			       ? -1
			       : openat(directory, ".",
					O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = writable < 0 ? mount_error("target", "/dev", error) : 0;

	for (size_t i = 0; !result && i < COUNT(nodes); i++)
		result = finish_node(container, writable, i, error);
	for (size_t i = 0; !result && i < COUNT(links); i++)
		if (symlinkat(links[i].target, writable,
			      links[i].path + strlen("/dev/")) &&
		    errno != EEXIST)
			result = mount_error("link", links[i].path, error);
	if (!result)
		result = finish_console(container, writable, error);
	close(writable);
	close(directory);
	return result;
}
