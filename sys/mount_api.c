/* Mounts by descriptor, and mount(2) where the calls are missing. */
#include "sys/mount_api.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/descriptor.h"
#include "sys/mount_by_path.h"

/* EPERM: filters of engines refuse calls that they do not know yet. */
static bool call_is_missing(int number)
{
	return number == ENOSYS || number == EPERM;
}

static int set_attributes(int fd, unsigned int set, unsigned int clear,
			  bool recursive)
{
	struct mount_attr attributes = { .attr_set = set, .attr_clr = clear };

	return (int)syscall(SYS_mount_setattr, fd, "",
			    AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
			    &attributes, sizeof(attributes));
}

static int clone_source(const struct mount_request *request)
{
	unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
			     (request->recursive ? AT_RECURSIVE : 0);
	int tree;

	if (request->source)
		tree = (int)syscall(SYS_open_tree, AT_FDCWD, request->source,
				    flags);
	else
		tree = (int)syscall(SYS_open_tree, request->source_fd, "",
				    flags | AT_EMPTY_PATH);
	if (tree >= 0 && request->attributes &&
	    set_attributes(tree, request->attributes, 0, request->recursive))
		return close_keeping_errno(tree);
	return tree;
}

static int configure(int context, unsigned int command, const char *key,
		     const char *value)
{
	return (int)syscall(SYS_fsconfig, context, command, key, value, 0);
}

/* DATA holds "key=value" and "key", separated by commas. */
static int configure_all(int context, const char *data)
{
	char *rest = data ? arena_strdup(data) : NULL;
	char *key;

	while ((key = strsep(&rest, ","))) {
		char *value = strchr(key, '=');

		if (value)
			*value++ = '\0';
		if (*key &&
		    configure(context,
			      value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
			      key, value))
			return -1;
	}
	return configure(context, FSCONFIG_CMD_CREATE, NULL, NULL);
}

static int create_filesystem(const struct mount_request *request)
{
	const char *type = mount_kind_names[request->kind];
	int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	int mount;

	if (context < 0)
		return -1;
	/* The source that /proc/mounts shows. */
	if (configure(context, FSCONFIG_SET_STRING, "source", type) ||
	    configure_all(context, request->data))
		return close_keeping_errno(context);
	mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
			     request->attributes);
	close_keeping_errno(context);
	return mount;
}

static int make_by_descriptor(const struct mount_request *request, int target)
{
	int mount = request->kind == MOUNT_BIND ? clone_source(request)
						: create_filesystem(request);

	if (mount >= 0 &&
	    syscall(SYS_move_mount, mount, "", target, "",
		    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return close_keeping_errno(mount);
	return mount;
}

int mount_make(const struct mount_request *request, int target)
{
	int mount = make_by_descriptor(request, target);
	int number = errno;

	if (mount >= 0 || !call_is_missing(number))
		return mount;
	mount = mount_by_path(request, target);
	/* ENOENT: no /proc for its paths. The first reason is the user's. */
	if (mount < 0 && errno == ENOENT)
		errno = number;
	return mount;
}

int mount_restrict(int fd, unsigned int attributes, bool recursive)
{
	if (!set_attributes(fd, attributes, 0, recursive))
		return 0;
	if (!call_is_missing(errno))
		return -1;
	return recursive ? remount_tree(fd, attributes)
			 : remount(fd, attributes, 0);
}

bool mount_is_read_only(int fd)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_flags & ST_RDONLY;
}

void mount_allow_writes(int fd)
{
	if (set_attributes(fd, 0, MOUNT_ATTR_RDONLY, false) &&
	    call_is_missing(errno))
		(void)remount(fd, 0, MOUNT_ATTR_RDONLY);
}
