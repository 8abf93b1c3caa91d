/*
 * The paths of /proc and /sys that tell about the machine or steer it, which
 * the OCI runtimes mask and protect by default (sys/standard_paths.h).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "check/judges.h"
#include "lib/descriptor.h"
#include "sys/null_device.h"
#include "sys/standard_paths.h"

/*
 * Inside the root of the process, whatever links its image has. Before openat2
 * (Linux 5.6) and where an engine's seccomp filter does not know it, this is
 * answered for rind's own root alone.
 */
static int open_inside(const struct checked_process *process, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT };
	int fd = (int)syscall(SYS_openat2, process->root, path, &how,
			      sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM) && process->is_own)
		fd = openat(process->root, path + 1,
			    O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd;
}

static bool is_empty(int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool empty;

	if (!entries) {
		close_keeping_errno(fd);
		return false;
	}
	do {
		errno = 0;
		entry = readdir(entries);
	} while (entry &&
		 (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")));
	empty = !entry && !errno;
	closedir(entries);
	return empty;
}

/* An empty directory that stays empty, or /dev/null in the place of a file. */
static bool is_masked(int fd)
{
	struct stat status;
	struct statfs system;

	if (fstat(fd, &status) || fstatfs(fd, &system))
		return false;
	if (S_ISCHR(status.st_mode))
		return is_null_device(status.st_rdev);
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

/* Their modes keep a user without any capability from most of them. */
static enum verdict judge_found(const struct checked_process *process)
{
	const struct known_number *effective =
		&process->status.capabilities[CAPSET_EFFECTIVE];
	struct values uids = { 0 };
	bool is_plain_user = judge_uids(process, &uids) == VERDICT_GOOD;

	return is_plain_user && effective->known && !effective->value
		       ? VERDICT_WEAK
		       : VERDICT_BAD;
}

/* Adds those of PATHS that are there and for which IS_CLOSED is not true. */
static enum verdict judge_paths(const struct checked_process *process,
				const char *const *paths,
				bool (*is_closed)(int fd),
				struct values *values)
{
	bool known = process->root >= 0;

	for (; known && *paths; paths++) {
		int fd = open_inside(process, *paths);

		if (fd < 0) {
			known = errno == ENOENT || errno == ENOTDIR;
			continue;
		}
		if (!is_closed(fd))
			value_add(values, NULL, *paths);
		close(fd);
	}
	if (values->list.length)
		return judge_found(process);
	return known ? VERDICT_GOOD : VERDICT_UNKNOWN;
}

enum verdict judge_unmasked(const struct checked_process *process,
			    struct values *values)
{
	return judge_paths(process, standard_masked, is_masked, values);
}

enum verdict judge_unprotected(const struct checked_process *process,
			       struct values *values)
{
	return judge_paths(process, standard_protected, is_protected, values);
}
