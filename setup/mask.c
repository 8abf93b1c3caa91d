/* Hiding paths, and making them read-only. */
#include <errno.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "setup/mount_api.h"
#include "setup/rooms.h"
#include "setup/standard.h"
#include "setup/target.h"

/*
 * 1: FD is the kernel's own file still, as a mask's is none, and may be written
 * to, as what is protected may not; 0: it is covered; -1: an error.
 */
static int is_bare(int fd, enum cover cover)
{
	struct statfs status;

	if (fstatfs(fd, &status))
		return -1;
	return (status.f_type == PROC_SUPER_MAGIC ||
		status.f_type == SYSFS_MAGIC) &&
	       (cover == COVER_MASK || !(status.f_flags & ST_RDONLY));
}

/*
 * Of what is hidden, a directory becomes an empty one, anything else the null
 * device. What is protected is bound over itself, so that the attribute is this
 * path's alone.
 */
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool standard, struct error *error)
{
	bool mask = cover == COVER_MASK;
	const char *what = mask ? "mask" : "protect";
	int target = target_open(container->root, path);
	struct mount_request request = { .attributes = ATTR_RDONLY,
					 .source_fd = target,
					 .recursive = !mask,
					 .path = path,
					 .root = container->root };
	struct stat status;

	if (target < 0)
		return standard && (errno == ENOENT || errno == ENOTDIR)
			       ? 0
			       : mount_error(what, path, error);
	if (standard) {
		int bare = is_bare(target, cover);

		if (bare < 0)
			return mount_end(-1, target, what, path, error);
		if (!bare) {
			close(target);
			return 0;
		}
	}
	if (mask && !fstat(target, &status) && S_ISDIR(status.st_mode)) {
		request.kind = MOUNT_TMPFS;
		request.attributes = ATTR_NORMAL | ATTR_RDONLY;
		request.data = "size=0,mode=755";
	} else if (mask) {
		request.source = "/dev/null";
		request.attributes = ATTR_NOSUID | ATTR_NOEXEC;
	}
	return mount_end(mount_make(&request, target), target, what, path,
			 error);
}
