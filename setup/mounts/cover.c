/* Hiding paths, and making them read-only. */
#include "setup/mounts/cover.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setup/mounts/make_target.h"
#include "setup/mounts/mount_error.h"
#include "setup/steps.h"
#include "sys/mount_api.h"
#include "sys/null_device.h"
#include "sys/resolve.h"

/*
 * Of what is hidden, a directory becomes an empty one, anything else the null
 * device. What is protected is bound over itself, so that the attribute is this
 * path's alone.
 */
int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool optional, struct error *error)
{
	bool mask = cover == COVER_MASK;
	const char *what = mask ? "mask" : "protect";
	int target = resolve_not_root(container->root,
				      resolve_in_root(container->root, path));
	struct mount_request request = { .attributes = ATTR_RDONLY,
					 .source_fd = target,
					 .recursive = !mask,
					 .path = path,
					 .root = container->root };
	struct stat status;
	int null = -1;
	int result;

	if (target < 0)
		return optional && (errno == ENOENT || errno == ENOTDIR)
			       ? 0
			       : mount_error(what, path, error);
	if (mask && !fstat(target, &status) && S_ISDIR(status.st_mode)) {
		request.kind = MOUNT_TMPFS;
		request.attributes = ATTR_NORMAL | ATTR_RDONLY;
		request.data = "size=0,mode=755";
	} else if (mask) {
		null = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (!is_open_on_null_device(null)) {
			close(target);
			return error_set(error, "mounts", "/dev/null",
					 "it is not that device", NULL);
		}
		request.source_fd = null;
		request.attributes = ATTR_NOSUID | ATTR_NOEXEC;
	}
	result = mount_end(mount_make(&request, target), target, what, path,
			   error);
	close(null);
	return result;
}
