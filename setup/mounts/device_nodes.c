/* The contents of /dev: device nodes, links, the console. */
#include "setup/mounts/device_nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/descriptor.h"
#include "setup/mounts/mount_error.h"
#include "setup/mounts/mount_point.h"
#include "sys/mount_api.h"
#include "sys/null_device.h"
#include "sys/procfs.h"
#include "sys/resolve.h"

/* The nodes that the OCI runtimes make (runtime-spec, "Default Devices"). */
static const struct node {
	const char *name;
	unsigned int major, minor;
} nodes[] = {
	{ "null", 1, 3 },   { "zero", 1, 5 },    { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

static const struct link {
	const char *name, *target;
} links[] = {
	{ "ptmx", "pts/ptmx" },          { "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },  { "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

static const char *dev_path(const char *name)
{
	return arena_printf("/dev/%s", name);
}

static bool exists(int directory, const char *name)
{
	struct stat status;

	return !fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW);
}

static bool is_node(int directory, const struct node *node)
{
	struct stat status;

	return !fstatat(directory, node->name, &status, AT_SYMLINK_NOFOLLOW) &&
	       S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(node->major, node->minor);
}

bool device_nodes_have_null(int directory)
{
	struct stat status;

	return !fstatat(directory, "null", &status, AT_SYMLINK_NOFOLLOW) &&
	       S_ISCHR(status.st_mode) && is_null_device(status.st_rdev);
}

/* Binds SOURCE, a path outside, onto PATH inside. */
static int bind_device(const struct container *container, const char *source,
		       const char *path, struct error *error)
{
	const struct mount_request request = {
		.kind = MOUNT_BIND,
		.source = source,
		.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		.path = path,
		.root = container->root,
	};
	int target = mount_point_open(container, path, MOUNT_POINT_FILE);
	int mount = target < 0 ? -1 : mount_make(&request, target);

	return mount_finish(mount, target, "node", path, error);
}

static int make_node(int directory, const struct node *node)
{
	mode_t mask = umask(0);
	int result = mknodat(directory, node->name, S_IFCHR | 0666,
			     makedev(node->major, node->minor));

	umask(mask);
	return result;
}

/*
 * The node is made, or, as a user namespace may not (EPERM), bound from the
 * /dev outside. An engine's filter may report success and make nothing, for
 * package managers' sake: so the node is looked at, too.
 */
static int finish_node(const struct container *container, int directory,
		       const struct node *node, struct error *error)
{
	const char *path = dev_path(node->name);
	int result;

	if (exists(directory, node->name))
		return 0;
	result = make_node(directory, node);
	if (!result && is_node(directory, node))
		return 0;
	if (result && errno != EPERM)
		return mount_error("node", path, error);
	if (bind_device(container, path, path, error))
		return -1;
	if (!is_node(directory, node))
		return error_set(error, "mounts", path,
				 "not the device of that name", NULL);
	return 0;
}

static int finish_link(int directory, const struct link *link,
		       struct error *error)
{
	if (!symlinkat(link->target, directory, link->name) || errno == EEXIST)
		return 0;
	return mount_error("link", dev_path(link->name), error);
}

/*
 * Whether the terminal can be found by a name, which goes into PATH. One that
 * an engine has handed in may be of another /dev/pts: its name, if there is
 * one here, is another terminal's.
 */
static bool find_terminal(int terminal, char *path, size_t size)
{
	struct stat own;
	struct stat named;

	return terminal >= 0 && !procfs_fd_target(terminal, path, size) &&
	       !stat(path, &named) && !fstat(terminal, &own) &&
	       own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/*
 * Bound by name: the descriptor's own mount belongs to the mount namespace
 * outside, from which the kernel binds nothing.
 */
static int finish_console(const struct container *container, int directory,
			  struct error *error)
{
	char terminal[64];

	if (exists(directory, "console") ||
	    !find_terminal(container->terminal, terminal, sizeof(terminal)))
		return 0;
	return bind_device(container, terminal, "/dev/console", error);
}

/* Not O_PATH, which mknodat(2) and symlinkat(2) of old kernels refuse. */
static int open_dev(int root)
{
	int path = resolve_in_root(root, "/dev");
	int directory;

	if (path < 0)
		return -1;
	directory = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close_keeping_errno(path);
	return directory;
}

int device_nodes_finish(const struct container *container, struct error *error)
{
	int directory = open_dev(container->root);
	int result = 0;

	if (directory < 0)
		return mount_error("target", "/dev", error);
	for (size_t i = 0; !result && i < ARRAY_LENGTH(nodes); i++)
		result = finish_node(container, directory, &nodes[i], error);
	for (size_t i = 0; !result && i < ARRAY_LENGTH(links); i++)
		result = finish_link(directory, &links[i], error);
	if (!result)
		result = finish_console(container, directory, error);
	close(directory);
	return result;
}
