/* Mounts by descriptor, on kernels with and without the calls for it. */
#include "sys/mount_api.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/fds.h"
#include "sys/procfs.h"
#include "sys/resolve.h"

/* linux/mount.h and linux/fcntl.h, Linux 5.2; mount_setattr since 5.12. */
enum {
	OPEN_TREE_CLONE_ = 1,
	FSOPEN_CLOEXEC_ = 1,
	FSMOUNT_CLOEXEC_ = 1,
	AT_RECURSIVE_ = 0x8000,
	MOVE_MOUNT_BOTH_EMPTY = 0x4 | 0x40,
	FSCONFIG_SET_FLAG_ = 0,
	FSCONFIG_SET_STRING_ = 1,
	FSCONFIG_CMD_CREATE_ = 6,
	DATA_MAX = 4096, /* mount(2): a page, of the smallest kind */
};

const char mount_types[MOUNT_KINDS][8] = {
	[MOUNT_BIND] = "bind",       [MOUNT_TMPFS] = "tmpfs",
	[MOUNT_PROC] = "proc",       [MOUNT_SYSFS] = "sysfs",
	[MOUNT_DEVPTS] = "devpts",   [MOUNT_MQUEUE] = "mqueue",
	[MOUNT_OVERLAY] = "overlay",
};

struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};

static bool is_missing(int number)
{
	/* EPERM: filters of engines that do not know the calls yet. */
	return number == ENOSYS || number == EPERM;
}

static int change(int fd, unsigned int set, unsigned int clear, bool recursive)
{
	struct attributes attributes = { .set = set, .clear = clear };

	return (int)syscall(SYS_mount_setattr, fd, "",
			    AT_EMPTY_PATH | (recursive ? AT_RECURSIVE_ : 0),
			    &attributes, sizeof(attributes));
}

static int clone_tree(const struct mount_request *request)
{
	bool by_path = request->source;
	int tree = (int)syscall(
		SYS_open_tree, by_path ? AT_FDCWD : request->source_fd,
		by_path ? request->source : "",
		OPEN_TREE_CLONE_ | O_CLOEXEC | AT_EMPTY_PATH |
			(request->recursive ? AT_RECURSIVE_ : 0));

	if (tree >= 0 && request->attributes &&
	    change(tree, request->attributes, 0, request->recursive))
		return close_keeping_errno(tree);
	return tree;
}

static long configure(int context, int command, const char *key,
		      const char *value)
{
	return syscall(SYS_fsconfig, context, command, key, value, 0);
}

/* "key=value" or "key" each; fsconfig(2). */
static long configure_all(int context, const char *data)
{
	char *rest = data ? arena_strdup(data) : NULL;
	char *key;

	while ((key = strsep(&rest, ","))) {
		char *value = strchr(key, '=');

		if (value)
			*value++ = '\0';
		if (*key &&
		    configure(context,
			      value ? FSCONFIG_SET_STRING_ : FSCONFIG_SET_FLAG_,
			      key, value))
			return -1;
	}
	return configure(context, FSCONFIG_CMD_CREATE_, NULL, NULL);
}

static int create_filesystem(const struct mount_request *request)
{
	const char *type = mount_types[request->kind];
	int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC_);
	int mount;

	if (context < 0)
		return -1;
	/* The name that shows in /proc/mounts. */
	if (configure(context, FSCONFIG_SET_STRING_, "source", type) ||
	    configure_all(context, request->data))
		return close_keeping_errno(context);
	mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC_,
			     request->attributes);
	close_keeping_errno(context);
	return mount;
}

/* --- mount(2) --- */

/* mount_setattr(2), mount(2) and statfs(2) share the bits of these. */
_Static_assert(ATTR_RDONLY == MS_RDONLY && ATTR_NOSUID == MS_NOSUID &&
		       ATTR_NODEV == MS_NODEV && ATTR_NOEXEC == MS_NOEXEC,
	       "the bits of mount_setattr(2) are those of mount(2)");
enum {
	FLAGS_SHARED = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC |
		       MS_NOATIME | MS_NODIRATIME,
};
_Static_assert(FLAGS_SHARED == (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC |
				ST_NOATIME | ST_NODIRATIME),
	       "the bits of statfs(2) are those of mount(2)");

/* mount(2) takes paths; this one leads to a descriptor's own object. */
static struct text path_of(int fd, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	text_addf(&text, "/proc/self/fd/%d", fd);
	return text;
}

/*
 * What is BELOW a descriptor. A remount states all flags anew, and one that
 * drops a flag which the user namespace has locked fails with EPERM: so those
 * that are there go along.
 */
static int remount(int fd, const char *below, unsigned int wanted,
		   unsigned int drop)
{
	char path[PATH_MAX + 40];
	struct text text = path_of(fd, path, sizeof(path));
	struct statfs status;

	text_add(&text, below);
	if (statfs(path, &status))
		return -1;
	wanted |= status.f_flags & FLAGS_SHARED;
	if (status.f_flags & ST_RELATIME)
		wanted |= MS_RELATIME;
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | (wanted & ~drop),
		     NULL);
}

/* The fifth field of a line, its mount point. */
static char *mount_point(char *line)
{
	char *field = NULL;

	for (int i = 0; i < 5; i++)
		field = strsep(&line, " ");
	if (field)
		text_unescape(field);
	return field;
}

int mount_place(int fd, char *place, size_t size)
{
	char path[40];
	ssize_t length;

	path_of(fd, path, sizeof(path));
	length = readlink(path, place, size - 1);
	if (length < 0)
		return -1;
	place[length == 1 ? 0 : length] = '\0';
	return 0;
}

/*
 * Remounts all that is mounted below FD, a mount's root. The way there starts
 * at the descriptor: by name it could lead below what the mount covers. What is
 * no mount from there lies hidden, and cannot be reached by anybody.
 */
static int remount_below(int fd, unsigned int wanted)
{
	struct file info;
	char place[PATH_MAX];
	size_t length;
	char *rest;
	char *line;
	int terminated;

	if (mount_place(fd, place, sizeof(place)) ||
	    procfs_read("/proc/self/mountinfo", &info))
		return -1;
	length = strlen(place);
	rest = info.data;
	while ((line = line_next(&rest, &terminated))) {
		const char *point = mount_point(line);

		if (!point || strncmp(point, place, length) ||
		    point[length] != '/' || !point[length + 1])
			continue;
		if (remount(fd, point + length, wanted, 0) && errno != EINVAL &&
		    errno != ENOENT && errno != ENOTDIR)
			return -1;
	}
	file_free(&info);
	return 0;
}

static int remount_tree(int fd, unsigned int wanted, bool recursive)
{
	return remount(fd, "", wanted, 0) ||
	       (recursive && remount_below(fd, wanted));
}

/* The number of the mount that FD is on (proc_pid_fdinfo(5)), or 0. */
static unsigned long mount_of(int fd)
{
	static const char key[] = "mnt_id:\t";
	char path[40];
	struct text text = text_in(path, sizeof(path));
	struct file info;
	unsigned long number = 0;
	char *rest;
	char *line;
	int terminated;

	text_addf(&text, "/proc/self/fdinfo/%d", fd);
	if (procfs_read(path, &info))
		return 0;
	rest = info.data;
	while ((line = line_next(&rest, &terminated)))
		if (!strncmp(line, key, sizeof(key) - 1))
			number_read(line + sizeof(key) - 1, ULONG_MAX, &number);
	file_free(&info);
	return number;
}

/*
 * The root of what has just been mounted on TARGET; there is but its name to
 * get to it, within the new root, which can cover the one where names start.
 * Somebody may have moved it in the meantime: then it is an error. "/" alone is
 * where the process is already, below the mount; "/.." is not.
 */
static int open_mounted(const struct mount_request *request, int target)
{
	char place[PATH_MAX];
	int fd;

	if (mount_place(target, place, sizeof(place)))
		return -1;
	fd = request->path ? resolve_in_root(request->root, request->path)
			   : open(*place ? place : "/..",
				  O_PATH | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && mount_of(fd) == mount_of(target)) {
		errno = ESTALE;
		return close_keeping_errno(fd);
	}
	return fd;
}

/*
 * EBUSY: the very file system lies on TARGET already, as a sysfs of the same
 * network namespace does below --root=/; only its attributes may differ.
 */
static int take_over(int target, unsigned int wanted)
{
	return remount(target, "", wanted, ~wanted & MS_RDONLY)
		       ? -1
		       : fcntl(target, F_DUPFD_CLOEXEC, 0);
}

static int make_by_path(const struct mount_request *request, int target)
{
	char on[40], from[40];
	unsigned int wanted = request->attributes;
	const char *type = mount_types[request->kind];
	int made;

	path_of(target, on, sizeof(on));
	path_of(request->source_fd, from, sizeof(from));
	if (request->kind != MOUNT_BIND) {
		/* The kernel would cut it there. */
		if (request->data && strlen(request->data) >= DATA_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		if (mount(type, on, type, wanted, request->data))
			return errno == EBUSY ? take_over(target, wanted) : -1;
	} else if (mount(request->source ? request->source : from, on, NULL,
			 MS_BIND | (request->recursive ? MS_REC : 0), NULL)) {
		return -1;
	}
	made = open_mounted(request, target);
	if (made >= 0 && request->kind == MOUNT_BIND && wanted &&
	    remount_tree(made, wanted, request->recursive))
		return close_keeping_errno(made);
	return made;
}

/* --- both --- */

int mount_make(const struct mount_request *request, int target)
{
	int mount = request->kind == MOUNT_BIND ? clone_tree(request)
						: create_filesystem(request);
	int number;

	if (mount >= 0 && !syscall(SYS_move_mount, mount, "", target, "",
				   MOVE_MOUNT_BOTH_EMPTY))
		return mount;
	close_keeping_errno(mount);
	number = errno;
	if (is_missing(number)) {
		int fallback = make_by_path(request, target);

		/* ENOENT: no /proc for the paths; the first reason counts. */
		if (fallback >= 0 || errno != ENOENT)
			return fallback;
	}
	errno = number;
	return -1;
}

int mount_restrict(int fd, unsigned int attributes, bool recursive)
{
	if (!change(fd, attributes, 0, recursive))
		return 0;
	return is_missing(errno) ? remount_tree(fd, attributes, recursive) : -1;
}

bool mount_is_read_only(int fd)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_flags & ST_RDONLY;
}

void mount_allow_writes(int fd)
{
	if (change(fd, 0, ATTR_RDONLY, false) && is_missing(errno))
		(void)remount(fd, "", 0, MS_RDONLY);
}
