/* Hiding paths, and making them read-only. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setup/mount_api.h"
#include "setup/rooms.h"
#include "setup/standard.h"
#include "setup/target.h"

/* Opens what is to be hidden; -2: it is not there, and need not be. */
static int open_existing(const struct container *container, const char *what,
			 const char *path, bool optional, struct error *error)
{
	int target = target_open(container->root, path);

	if (target >= 0)
		return target;
	if (optional && (errno == ENOENT || errno == ENOTDIR))
		return -2;
	return mount_error(what, path, errno, error);
}

/* A directory becomes an empty one, anything else the null device. */
int mask_path(const struct container *container, const char *path,
	      bool optional, struct error *error)
{
	static const char *const empty[] = { "size=0", "mode=755", NULL };
	struct mount_request request = { .source_fd = -1,
					 .attributes =
						 ATTR_NOSUID | ATTR_NODEV |
						 ATTR_NOEXEC | ATTR_RDONLY,
					 .path = path,
					 .root = container->root };
	int target = open_existing(container, "mask", path, optional, error);
	struct stat status;
	int made;

	if (target < 0)
		return target == -2 ? 0 : -1;
	if (!fstat(target, &status) && S_ISDIR(status.st_mode)) {
		request.type = "tmpfs";
		request.data = empty;
	} else {
		request.source = "/dev/null";
		request.attributes = ATTR_NOSUID | ATTR_NOEXEC;
	}
	made = mount_make(&request, target);
	if (made < 0)
		mount_error("mask", path, errno, error);
	else
		close(made);
	close(target);
	return made < 0 ? -1 : 0;
}

/* Bound over itself, so that the attribute is this path's alone. */
int protect_path(const struct container *container, const char *path,
		 bool optional, struct error *error)
{
	int target = open_existing(container, "protect", path, optional, error);
	struct mount_request request = { .source_fd = target,
					 .attributes = ATTR_RDONLY,
					 .recursive = true,
					 .path = path,
					 .root = container->root };
	int made;

	if (target < 0)
		return target == -2 ? 0 : -1;
	made = mount_make(&request, target);
	if (made < 0)
		mount_error("protect", path, errno, error);
	else
		close(made);
	close(target);
	return made < 0 ? -1 : 0;
}
