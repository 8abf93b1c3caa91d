/*
 * The paths of /proc and /sys that tell about the machine or steer it, which
 * the OCI runtimes' defaults mask and protect (linux.maskedPaths and
 * linux.readonlyPaths of "runc spec").
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "check/rows.h"
#include "sys/standard_paths.h"

/*
 * Inside the root of the process, whatever links its image has. Before openat2
 * (Linux 5.6) and where an engine's seccomp filter does not know it, this is
 * answered for our own root alone.
 */
static int open_inside(const struct process *p, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT };
	int fd = (int)syscall(SYS_openat2, p->root, path, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM) && p->own)
		fd = openat(p->root, path + 1, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

/* "." and ".." are 24 bytes each (getdents64(2)). */
static bool is_empty(int directory)
{
	_Alignas(8) char entries[512];
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size = fd < 0 ? -1
			   : syscall(SYS_getdents64, fd, entries,
				     sizeof(entries));

	close(fd);
	return size >= 0 && size <= 48;
}

/* An empty directory that stays empty, or /dev/null in the place of a file. */
static bool is_masked(int fd)
{
	struct stat status;
	struct statfs system;

	if (fstat(fd, &status) || fstatfs(fd, &system))
		return false;
	if (S_ISCHR(status.st_mode))
		return status.st_rdev == makedev(1, 3);
	return S_ISDIR(status.st_mode) &&
	       (unsigned long)system.f_type == TMPFS_MAGIC &&
	       system.f_flags & ST_RDONLY && is_empty(fd);
}

static bool is_protected(int fd)
{
	struct statfs system;

	return is_masked(fd) ||
	       (!fstatfs(fd, &system) && system.f_flags & ST_RDONLY);
}

/* A user without any capability is kept from most of them by their modes. */
static enum verdict verdict_on_open(const struct process *p)
{
	struct values ids = { 0 };
	uint64_t set;

	return row_look(ROW_UIDS, p, &ids) == GOOD &&
			       fact_caps(p, CAPSET_EFFECTIVE, &set) && !set
		       ? WEAK
		       : BAD;
}

enum verdict look_paths(const struct process *p, int kind,
			struct values *values)
{
	bool known = p->root >= 0;
	const char *const *path = kind == PATHS_MASKED ? standard_masked
						       : standard_protected;

	for (; known && *path; path++) {
		int fd = open_inside(p, *path);

		if (fd < 0) {
			known = errno == ENOENT || errno == ENOTDIR;
			continue;
		}
		if (!(kind == PATHS_MASKED ? is_masked(fd) : is_protected(fd)))
			value_add(values, NULL, *path);
		close(fd);
	}
	if (values->list.length)
		return verdict_on_open(p);
	return known ? GOOD : UNKNOWN;
}
