/* Hiding paths, and making them read-only. */
#include "setup/mounts/cover.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/descriptor.h"
#include "setup/mounts/mount_error.h"
#include "sys/mount_api.h"
#include "sys/null_device.h"
#include "sys/resolve.h"

/* A mask over a directory: nothing can be put into it. */
static int mask_directory(struct mount_request *request, int target)
{
	request->kind = MOUNT_TMPFS;
	request->attributes = MOUNT_ATTRS_DATA_ONLY | MOUNT_ATTR_RDONLY;
	request->data = "size=0,mode=755";
	return mount_make(request, target);
}

/* A mask over anything else. NULL_DEVICE is an O_PATH descriptor of it. */
static int mask_file(struct mount_request *request, int target, int null_device)
{
	request->attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
	request->source_fd = null_device;
	return mount_make(request, target);
}

static int mask(struct mount_request *request, int target, struct error *error)
{
	struct stat status;
	int null_device;
	int mount;

	if (!fstat(target, &status) && S_ISDIR(status.st_mode))
		return mount_finish(mask_directory(request, target), target,
				    "mask", request->path, error);
	/* An image's /dev/null may be a link to the very file, or its copy. */
	null_device = open("/dev/null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (!is_open_on_null_device(null_device)) {
		close_keeping_errno(null_device);
		close(target);
		return error_set(error, "mounts", "/dev/null",
				 "not the null device", NULL);
	}
	mount = mask_file(request, target, null_device);
	close_keeping_errno(null_device);
	return mount_finish(mount, target, "mask", request->path, error);
}

/* Bound over itself, so that the attribute is this path's alone. */
static int protect(struct mount_request *request, int target,
		   struct error *error)
{
	request->attributes = MOUNT_ATTR_RDONLY;
	request->source_fd = target;
	request->recursive = true;
	return mount_finish(mount_make(request, target), target, "protect",
			    request->path, error);
}

int cover_path(const struct container *container, const char *path,
	       enum cover cover, bool optional, struct error *error)
{
	struct mount_request request = { .path = path,
					 .root = container->root };
	int target = resolve_below_root(container->root, path);

	if (target < 0 && optional && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (target < 0)
		return mount_error(cover == COVER_MASK ? "mask" : "protect",
				   path, error);
	return cover == COVER_MASK ? mask(&request, target, error)
				   : protect(&request, target, error);
}
