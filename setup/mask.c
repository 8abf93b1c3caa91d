/* Hiding paths, and making them read-only. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/packed.h"
#include "setup/mount_api.h"
#include "setup/rooms.h"
#include "setup/standard.h"
#include "setup/streams.h"
#include "setup/target.h"

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
	int target = target_not_root(container->root,
				     target_open(container->root, path));
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
		if (!streams_is_dev_null(null)) {
			close(target);
			return error_set(error, "mounts", "/dev/null",
					 TEXT("it is not that device"), NULL);
		}
		request.source_fd = null;
		request.attributes = ATTR_NOSUID | ATTR_NOEXEC;
	}
	result = mount_end(mount_make(&request, target), target, what, path,
			   error);
	close(null);
	return result;
}
