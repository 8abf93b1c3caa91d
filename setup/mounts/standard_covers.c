/* The covers of --standard-mounts. */
#include "setup/mounts/standard_covers.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "setup/mounts/cover.h"
#include "setup/mounts/mount_error.h"
#include "setup/mounts/planned_mounts.h"
#include "sys/procfs.h"
#include "sys/resolve.h"
#include "sys/standard_paths.h"

static bool is_link(int root, const char *name)
{
	char target[1];

	return readlinkat(root, name, target, sizeof(target)) >= 0;
}

static bool is_procfs_at(int root, const char *path)
{
	int fd = resolve_in_root(root, path);
	bool result;

	if (fd < 0)
		return false;
	result = is_procfs(fd);
	close(fd);
	return result;
}

static int refuse_link(const char *path, struct error *error)
{
	errno = ELOOP;
	return mount_error("target", path, error);
}

/*
 * In the place of /proc and /sys the image may hold a link to a place that a
 * later mount hides: the paths to cover would not be found, and the app could
 * still reach the files. A mount of the user's there is the user's business.
 */
static int check_places(const struct container *container, struct error *error)
{
	const struct plan *plan = container->plan;
	int root = container->root;

	if (!planned_mount_on(plan, "/proc") &&
	    (is_link(root, "proc") || !is_procfs_at(root, "/proc")))
		return refuse_link("/proc", error);
	if (!planned_mount_on(plan, "/sys") && is_link(root, "sys"))
		return refuse_link("/sys", error);
	return 0;
}

/*
 * Whether PATH shows a file of the kernel's own that COVER should have covered:
 * a mask is a file of no procfs or sysfs, and a protected path is read-only.
 * Returns 1 or 0, or -1 with errno.
 */
static int is_bare(const struct container *container, const char *path,
		   enum cover cover)
{
	int fd = resolve_in_root(container->root, path);
	struct statfs status;
	int result;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	result = fstatfs(fd, &status);
	close(fd);
	if (result)
		return -1;
	if (status.f_type != PROC_SUPER_MAGIC && status.f_type != SYSFS_MAGIC)
		return 0;
	return cover == COVER_MASK || !(status.f_flags & ST_RDONLY);
}

/* Covers PATH; or, with REPAIR, covers it if it is bare. */
static int cover_one(const struct container *container, const char *path,
		     enum cover cover, bool repair, struct error *error)
{
	int bare = 1;

	if (planned_mount_on(container->plan, path))
		return 0;
	if (repair)
		bare = is_bare(container, path, cover);
	if (bare < 0)
		return mount_error("cover", path, error);
	return bare ? cover_path(container, path, cover, true, error) : 0;
}

static int cover_all(const struct container *container, bool repair,
		     struct error *error)
{
	static const char *const *const paths[COVERS] = {
		[COVER_MASK] = standard_masked,
		[COVER_PROTECT] = standard_protected,
	};

	if (!container->plan->mounts.standard)
		return 0;
	if (check_places(container, error))
		return -1;
	for (enum cover cover = 0; cover < COVERS; cover++)
		for (const char *const *path = paths[cover]; *path; path++)
			if (cover_one(container, *path, cover, repair, error))
				return -1;
	return 0;
}

int standard_covers_make(const struct container *container, struct error *error)
{
	return cover_all(container, false, error);
}

int standard_covers_repair(const struct container *container,
			   struct error *error)
{
	return cover_all(container, true, error);
}
