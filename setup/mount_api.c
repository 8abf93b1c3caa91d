/* Mounts by descriptor, on kernels with and without the calls for it. */
#include "setup/mount_api.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "setup/target.h"

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
};

struct attributes {
	uint64_t set, clear, propagation, userns_fd;
};

static bool is_missing(int number)
{
	/* EPERM: filters of engines that do not know the calls yet. */
	return number == ENOSYS || number == EPERM;
}

static int change(int fd, const struct attributes *attributes, bool recursive)
{
	return (int)syscall(SYS_mount_setattr, fd, "",
			    AT_EMPTY_PATH | (recursive ? AT_RECURSIVE_ : 0),
			    attributes, sizeof(*attributes));
}

static int close_failed(int fd)
{
	int number = errno;

	close(fd);
	errno = number;
	return -1;
}

static int clone_tree(const struct mount_request *request)
{
	struct attributes attributes = { .set = request->attributes };
	int at = request->source_fd >= 0 ? request->source_fd : AT_FDCWD;
	int tree = (int)syscall(
		SYS_open_tree, at,
		request->source_fd >= 0 ? "" : request->source,
		OPEN_TREE_CLONE_ | O_CLOEXEC |
			(request->source_fd >= 0 ? AT_EMPTY_PATH : 0) |
			(request->recursive ? AT_RECURSIVE_ : 0));

	if (tree >= 0 && attributes.set &&
	    change(tree, &attributes, request->recursive))
		return close_failed(tree);
	return tree;
}

/* "key=value" or "key"; fsconfig(2). */
static int configure(int context, const char *item)
{
	char key[64];
	size_t length = strcspn(item, "=");

	if (length >= sizeof(key)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(key, item, length);
	key[length] = '\0';
	return (int)syscall(SYS_fsconfig, context,
			    item[length] ? FSCONFIG_SET_STRING_
					 : FSCONFIG_SET_FLAG_,
			    key, item[length] ? item + length + 1 : NULL, 0);
}

static int create_filesystem(const struct mount_request *request)
{
	int context = (int)syscall(SYS_fsopen, request->type, FSOPEN_CLOEXEC_);
	int mount;

	if (context < 0)
		return -1;
	/* The name that shows in /proc/mounts. */
	if (syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING_, "source",
		    request->type, 0))
		return close_failed(context);
	for (const char *const *item = request->data; item && *item; item++)
		if (configure(context, *item))
			return close_failed(context);
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE_, NULL, NULL, 0))
		return close_failed(context);
	mount = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC_,
			     request->attributes);
	close_failed(context);
	return mount;
}

/* --- mount(2) --- */

static const struct {
	unsigned int attribute;
	unsigned long flag;     /* mount(2) */
	unsigned long existing; /* statfs(2) */
} flags[] = {
	{ ATTR_RDONLY, MS_RDONLY, ST_RDONLY },
	{ ATTR_NOSUID, MS_NOSUID, ST_NOSUID },
	{ ATTR_NODEV, MS_NODEV, ST_NODEV },
	{ ATTR_NOEXEC, MS_NOEXEC, ST_NOEXEC },
	{ 0, MS_NOATIME, ST_NOATIME },
	{ 0, MS_NODIRATIME, ST_NODIRATIME },
	{ 0, MS_RELATIME, ST_RELATIME },
};

#define FLAGS (sizeof(flags) / sizeof(flags[0]))

static unsigned long as_flags(unsigned int attributes)
{
	unsigned long result = 0;

	for (size_t i = 0; i < FLAGS; i++)
		if (attributes & flags[i].attribute)
			result |= flags[i].flag;
	return result;
}

/* mount(2) takes paths; this one leads to a descriptor's own object. */
static const char *path_of(int fd, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	text_add(&text, "/proc/self/fd/");
	text_add_number(&text, fd);
	return buffer;
}

/*
 * A remount states all flags anew, and one that drops a flag which the user
 * namespace has locked fails with EPERM: so those that are there go along.
 */
static int remount(const char *path, unsigned long wanted, unsigned long drop)
{
	struct statfs status;
	unsigned long all = wanted;

	if (statfs(path, &status))
		return -1;
	for (size_t i = 0; i < FLAGS; i++)
		if (status.f_flags & flags[i].existing)
			all |= flags[i].flag;
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | (all & ~drop),
		     NULL);
}

/* "\040" and its like in /proc/self/mountinfo, proc_pid_mountinfo(5). */
static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text == '\\' && text[1] && text[2] && text[3]) {
			*to++ = (char)((text[1] - '0') * 64 +
				       (text[2] - '0') * 8 + (text[3] - '0'));
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

/* The fifth field of a line, its mount point. */
static char *mount_point(char *line)
{
	char *field = NULL;

	for (int i = 0; i < 5; i++)
		field = strsep(&line, " ");
	if (field)
		unescape(field);
	return field;
}

/* Where a descriptor leads as a path, without a slash at its end. */
static int place_of(int fd, char *place, size_t size)
{
	char path[40];
	ssize_t length = readlink(path_of(fd, path, sizeof(path)), place,
				  size - 1);

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
static int remount_below(int fd, unsigned long wanted)
{
	struct file info;
	char place[PATH_MAX], path[PATH_MAX + 40];
	size_t length;
	char *rest;
	char *line;
	int terminated;

	if (place_of(fd, place, sizeof(place)) ||
	    file_read_special("/proc/self/mountinfo", &info))
		return -1;
	length = strlen(place);
	rest = info.data;
	while ((line = line_next(&rest, &terminated))) {
		const char *point = mount_point(line);
		struct text text = text_in(path, sizeof(path));

		if (!point || strncmp(point, place, length) ||
		    point[length] != '/' || !point[length + 1])
			continue;
		path_of(fd, path, sizeof(path));
		text.length = strlen(path);
		text_add(&text, point + length);
		if (remount(path, wanted, 0) && errno != EINVAL &&
		    errno != ENOENT && errno != ENOTDIR)
			return -1;
	}
	file_free(&info);
	return 0;
}

static int remount_tree(int fd, unsigned long wanted, bool recursive)
{
	char path[40];

	return remount(path_of(fd, path, sizeof(path)), wanted, 0) ||
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

	text_add(&text, "/proc/self/fdinfo/");
	text_add_number(&text, fd);
	if (file_read_special(path, &info))
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

	if (place_of(target, place, sizeof(place)))
		return -1;
	fd = request->path ? target_open(request->root, request->path)
			   : open(*place ? place : "/..",
				  O_PATH | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && mount_of(fd) == mount_of(target)) {
		close(fd);
		errno = ESTALE;
		return -1;
	}
	return fd;
}

/* "a,b=c" out of the list, for mount(2). */
static void join(const char *const *items, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	for (; items && *items; items++) {
		if (text.length)
			text_add(&text, ",");
		text_add(&text, *items);
	}
}

/*
 * EBUSY: the very file system lies on TARGET already, as a sysfs of the same
 * network namespace does below --root=/; only its attributes may differ.
 */
static int take_over(int target, unsigned long wanted)
{
	char path[40];

	return remount(path_of(target, path, sizeof(path)), wanted,
		       ~wanted & MS_RDONLY)
		       ? -1
		       : fcntl(target, F_DUPFD_CLOEXEC, 0);
}

static int make_by_path(const struct mount_request *request, int target)
{
	char on[40], from[40], data[4096];
	unsigned long wanted = as_flags(request->attributes);
	const char *source = request->source_fd >= 0
				     ? path_of(request->source_fd, from,
					       sizeof(from))
				     : request->source;

	int made;

	path_of(target, on, sizeof(on));
	join(request->data, data, sizeof(data));
	if (request->type) {
		if (mount(source ? source : request->type, on, request->type,
			  wanted, data))
			return errno == EBUSY ? take_over(target, wanted) : -1;
	} else if (mount(source, on, NULL,
			 MS_BIND | (request->recursive ? MS_REC : 0), NULL)) {
		return -1;
	}
	made = open_mounted(request, target);
	if (made >= 0 && !request->type && wanted &&
	    remount_tree(made, wanted, request->recursive))
		return close_failed(made);
	return made;
}

/* --- both --- */

int mount_make(const struct mount_request *request, int target)
{
	int mount = request->type ? create_filesystem(request)
				  : clone_tree(request);
	int number;

	if (mount >= 0 && !syscall(SYS_move_mount, mount, "", target, "",
				   MOVE_MOUNT_BOTH_EMPTY))
		return mount;
	number = errno;
	if (mount >= 0)
		close(mount);
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
	struct attributes set = { .set = attributes };

	if (!change(fd, &set, recursive))
		return 0;
	return is_missing(errno)
		       ? remount_tree(fd, as_flags(attributes), recursive)
		       : -1;
}

void mount_allow_writes(int fd)
{
	struct attributes clear = { .clear = ATTR_RDONLY };
	char path[40];

	if (change(fd, &clear, false) && is_missing(errno))
		(void)remount(path_of(fd, path, sizeof(path)), 0, MS_RDONLY);
}
