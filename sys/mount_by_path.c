/* Mounts by mount(2), through the paths of /proc/self/fd. */
#include "sys/mount_by_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/descriptor.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/procfs.h"
#include "sys/resolve.h"

enum {
	FD_PATH_SIZE = 40, /* "/proc/self/fd/2147483647" */
	DATA_MAX = 4096,   /* mount(2): a page, at its smallest */
};

_Static_assert(MOUNT_ATTR_RDONLY == MS_RDONLY &&
		       MOUNT_ATTR_NOSUID == MS_NOSUID &&
		       MOUNT_ATTR_NODEV == MS_NODEV &&
		       MOUNT_ATTR_NOEXEC == MS_NOEXEC,
	       "mount_setattr(2) and mount(2) share the bits of these");

enum {
	FLAGS_SHARED = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC |
		       MS_NOATIME | MS_NODIRATIME,
};
_Static_assert(FLAGS_SHARED == (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC |
				ST_NOATIME | ST_NODIRATIME),
	       "statfs(2) and mount(2) share the bits of these");

/* The path that leads to FD's own object. */
static struct text fd_path(int fd, char *buffer, size_t size)
{
	struct text path = text_in(buffer, size);

	text_addf(&path, "/proc/self/fd/%d", fd);
	return path;
}

/*
 * A remount states all flags anew. One that leaves out a flag which the user
 * namespace has locked fails with EPERM, so those in force are said again.
 */
static int remount_path(const char *path, unsigned int set, unsigned int clear)
{
	struct statfs status;
	unsigned long flags;

	if (statfs(path, &status))
		return -1;
	flags = (unsigned long)status.f_flags & FLAGS_SHARED;
	if (status.f_flags & ST_RELATIME)
		flags |= MS_RELATIME;
	flags = (flags | set) & ~(unsigned long)clear;
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}

int remount(int fd, unsigned int set, unsigned int clear)
{
	char path[FD_PATH_SIZE];

	fd_path(fd, path, sizeof(path));
	return remount_path(path, set, clear);
}

/* The fifth field of a line of mountinfo (proc_pid_mountinfo(5)), or NULL. */
static const char *mount_point_of(char *line)
{
	char *field = NULL;

	for (int i = 0; i < 5; i++)
		field = strsep(&line, " ");
	return field ? text_unescape(field) : NULL;
}

/* Where FD leads, without a slash at its end: "" for the root. */
static int read_prefix(int fd, char *prefix, size_t size)
{
	if (procfs_fd_target(fd, prefix, size))
		return -1;
	if (!strcmp(prefix, "/"))
		*prefix = '\0';
	return 0;
}

static bool lies_below(const char *path, const char *prefix, size_t length)
{
	return !strncmp(path, prefix, length) && path[length] == '/' &&
	       path[length + 1];
}

/*
 * Each mount below FD is reached from the descriptor: by its name alone, a path
 * could lead below the mount that covers it. A mount that cannot be reached
 * from there (EINVAL: not a mount point, ENOENT, ENOTDIR) is hidden from
 * everybody.
 */
static int remount_below(int fd, unsigned int set)
{
	char prefix[PATH_MAX];
	struct file mountinfo;
	size_t length;
	char *rest;
	char *line;
	int result = 0;
	int number;

	if (read_prefix(fd, prefix, sizeof(prefix)) ||
	    procfs_read("/proc/self/mountinfo", &mountinfo))
		return -1;
	length = strlen(prefix);
	rest = mountinfo.data;
	while ((line = line_next(&rest, NULL))) {
		const char *point = mount_point_of(line);
		char buffer[FD_PATH_SIZE + PATH_MAX];
		struct text path;

		if (!point || !lies_below(point, prefix, length))
			continue;
		path = fd_path(fd, buffer, sizeof(buffer));
		text_add(&path, point + length);
		if (!remount_path(buffer, set, 0) || errno == EINVAL ||
		    errno == ENOENT || errno == ENOTDIR)
			continue;
		result = -1;
		break;
	}
	number = errno;
	file_free(&mountinfo);
	errno = number;
	return result;
}

int remount_tree(int fd, unsigned int set)
{
	return remount(fd, set, 0) ? -1 : remount_below(fd, set);
}

/* The id of FD's mount (proc_pid_fdinfo(5)), or 0. */
static unsigned long mount_id(int fd)
{
	static const char key[] = "mnt_id:\t";
	const size_t key_length = sizeof(key) - 1;
	char buffer[FD_PATH_SIZE];
	struct text path = text_in(buffer, sizeof(buffer));
	struct file fdinfo;
	unsigned long id = 0;
	char *rest;
	char *line;

	text_addf(&path, "/proc/self/fdinfo/%d", fd);
	if (procfs_read(buffer, &fdinfo))
		return 0;
	rest = fdinfo.data;
	while ((line = line_next(&rest, NULL)))
		if (!strncmp(line, key, key_length))
			number_read(line + key_length, ULONG_MAX, &id);
	file_free(&fdinfo);
	return id;
}

/*
 * By the target's own path outside. "/" would be the directory where the
 * process stands, below a mount that has just been made on it; "/.." is the
 * mount's root.
 */
static int open_by_own_path(int target)
{
	char path[PATH_MAX];

	if (procfs_fd_target(target, path, sizeof(path)))
		return -1;
	return open(strcmp(path, "/") ? path : "/..",
		    O_PATH | O_CLOEXEC | O_NOFOLLOW);
}

/*
 * The root of the mount that has just been made on TARGET, which mount(2) does
 * not return. ESTALE: another process has moved the target in the meantime, and
 * its path leads to a place without the mount.
 */
static int open_new_mount(const struct mount_request *request, int target)
{
	int fd = request->path ? resolve_in_root(request->root, request->path)
			       : open_by_own_path(target);

	if (fd >= 0 && mount_id(fd) == mount_id(target)) {
		close(fd);
		errno = ESTALE;
		return -1;
	}
	return fd;
}

/*
 * After EBUSY: TARGET is the root of this very file system already, as a sysfs
 * of the same network namespace is below --root=/. Only its attributes may
 * differ. Returns a copy of TARGET, or -1.
 */
static int take_over(int target, unsigned int attributes)
{
	if (remount(target, attributes, ~attributes & MOUNT_ATTR_RDONLY))
		return -1;
	return fcntl(target, F_DUPFD_CLOEXEC, 0);
}

static int mount_filesystem(const struct mount_request *request, int target)
{
	const char *type = mount_kind_names[request->kind];
	char on[FD_PATH_SIZE];

	/* The kernel would cut the options there, and say nothing. */
	if (request->data && strlen(request->data) >= DATA_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd_path(target, on, sizeof(on));
	if (mount(type, on, type, request->attributes, request->data))
		return errno == EBUSY ? take_over(target, request->attributes)
				      : -1;
	return open_new_mount(request, target);
}

/* mount(2) ignores a bind's attributes: they need a remount. */
static int mount_bind(const struct mount_request *request, int target)
{
	unsigned long flags = MS_BIND | (request->recursive ? MS_REC : 0);
	unsigned int attributes = request->attributes;
	char from[FD_PATH_SIZE];
	char on[FD_PATH_SIZE];
	int fd;
	int result = 0;

	fd_path(request->source_fd, from, sizeof(from));
	fd_path(target, on, sizeof(on));
	if (mount(request->source ? request->source : from, on, NULL, flags,
		  NULL))
		return -1;
	fd = open_new_mount(request, target);
	if (fd >= 0 && attributes)
		result = request->recursive ? remount_tree(fd, attributes)
					    : remount(fd, attributes, 0);
	return result ? close_keeping_errno(fd) : fd;
}

int mount_by_path(const struct mount_request *request, int target)
{
	return request->kind == MOUNT_BIND ? mount_bind(request, target)
					   : mount_filesystem(request, target);
}
