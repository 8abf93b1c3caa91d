/*
 * The container-wide steps that mount, but for the standard mounts. The new
 * root is attached beside the old one, filled, made read-only last, and only
 * then becomes the root: no program of it has run so far.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/text.h"
#include "setup/mounts/cover.h"
#include "setup/mounts/mount_error.h"
#include "setup/mounts/mount_owner.h"
#include "setup/mounts/mount_point.h"
#include "setup/mounts/outer_proc.h"
#include "setup/mounts/overlay.h"
#include "setup/mounts/planned_mounts.h"
#include "setup/mounts/standard_covers.h"
#include "setup/steps.h"
#include "sys/mount_api.h"

static bool has_own_mounts(const struct container *container)
{
	return container->plan->namespaces.unshare & CLONE_NEWNS;
}

/* Private: no mount of rind's appears outside, and none of theirs inside. */
static int cut_propagation(struct container *container, struct error *error)
{
	if (has_own_mounts(container) &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return mount_error("private propagation", "/", error);
	return 0;
}

const struct container_step propagation_step = {
	.text = { .name = "propagation", .unshare = "mount" },
	.run = cut_propagation,
};

/* --- the root --- */

/*
 * Binds PATH onto itself, with the mounts below it: pivot_root(2) wants a mount
 * point. With --read-only the mounts below it become read-only here. The root's
 * own mount follows in close_root(), once the mount points in it have been
 * made; it does so at once where PLACE was read-only before.
 */
static int bind_root(const struct plan *plan, const char *path, int place)
{
	bool read_only = plan->mounts.read_only;
	const struct mount_request request = {
		.kind = MOUNT_BIND,
		.source = path,
		.attributes = read_only ? MOUNT_ATTR_RDONLY : 0,
		.recursive = true,
	};
	int root = mount_make(&request, place);

	if (root >= 0 && read_only && !mount_is_read_only(place))
		mount_allow_writes(root);
	return root;
}

/* Attaches the new root on PLACE, an O_PATH descriptor of PATH. */
static int attach_root(struct container *container, const char *path, int place,
		       struct error *error)
{
	const struct plan *plan = container->plan;
	const struct plan_mount *overlay = planned_root_overlay(plan);

	container->root = overlay ? overlay_mount(overlay, place, plan->explain)
				  : bind_root(plan, path, place);
	if (container->root < 0)
		return mount_error(overlay ? "overlay" : "root", path, error);
	/*
	 * A device node in the image is its author's way to the host's device.
	 * An overlay has the attribute from the start.
	 */
	if (!overlay &&
	    mount_restrict(container->root, MOUNT_ATTR_NODEV, false))
		return mount_error("nodev", path, error);
	return 0;
}

static int open_root(struct container *container, struct error *error)
{
	const char *path = planned_root(container->plan);
	int place;
	int result;

	container->new_root = path != NULL;
	if (!path)
		path = "/";
	place = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place < 0)
		return error_errno(error, "root", path,
				   errno == ENOENT ? "create it, or name a "
						     "directory that exists"
						   : NULL);
	if (!container->new_root) {
		container->root = place;
		return 0;
	}
	result = attach_root(container, path, place, error);
	if (result)
		error->number = 0; /* no later step makes sense: --?root */
	close(place);
	return result;
}

const struct container_step root_step = {
	.text = { .name = "root", .options = { "root" } },
	.run = open_root,
};

/* --- the user's mounts --- */

/* DATA: the options of its file system, by number. */
static int make_mount(const struct container *container,
		      const struct plan_mount *mount, const char *data,
		      int target)
{
	const struct mount_request request = {
		.kind = mount->kind,
		.source = mount->source,
		.attributes = mount->attributes,
		.recursive = !mount->not_recursive,
		.data = data,
		.path = mount->target,
		.root = container->root,
	};

	if (mount->kind == MOUNT_OVERLAY)
		return overlay_mount(mount, target, container->plan->explain);
	return mount_make(&request, target);
}

static int mount_one(const struct container *container,
		     const struct plan_mount *mount, struct error *error)
{
	enum mount_point_kind kind = MOUNT_POINT_DIRECTORY;
	const char *data = mount_data_by_number(container->root,
						mount->data.data, error);
	struct stat source;
	int target;
	int made = -1;

	if (!data)
		return -1;
	if (mount->source) {
		if (stat(mount->source, &source))
			return error_errno(error, "mounts", mount->source,
					   "name a source that exists and "
					   "that rind may reach");
		if (!S_ISDIR(source.st_mode))
			kind = MOUNT_POINT_FILE;
	}
	target = mount_point_open(container, mount->target, kind);
	if (target >= 0)
		made = make_mount(container, mount, data, target);
	return mount_finish(made, target, mount_kind_names[mount->kind],
			    mount->target, error);
}

static int make_mounts(struct container *container, struct error *error)
{
	const struct plan_mount *mount = container->plan->mounts.mounts;

	for (; mount; mount = mount->next) {
		if (mount_is_root(mount))
			continue;
		if (mount_one(container, mount, error) ||
		    standard_covers_repair(container, error))
			return -1;
	}
	return 0;
}

const struct container_step mounts_step = {
	.text = { .name = "mounts", .options = { "mount", "tmpfs" } },
	.run = make_mounts,
};

static int cover_paths(const struct container *container,
		       const struct plan_mount *paths, enum cover cover,
		       struct error *error)
{
	for (; paths; paths = paths->next)
		if (cover_path(container, paths->target, cover, false, error))
			return -1;
	return 0;
}

static int mask_and_protect(struct container *container, struct error *error)
{
	const struct plan_mounts *mounts = &container->plan->mounts;

	if (cover_paths(container, mounts->masks, COVER_MASK, error))
		return -1;
	return cover_paths(container, mounts->protects, COVER_PROTECT, error);
}

const struct container_step masks_step = {
	.text = { .name = "masks", .options = { "mask", "protect" } },
	.run = mask_and_protect,
};

/* The root's own mount alone: the mounts in it stay as they were asked for. */
static int close_root(struct container *container, struct error *error)
{
	if (container->plan->mounts.read_only &&
	    mount_restrict(container->root, MOUNT_ATTR_RDONLY, false))
		return mount_error("read-only", "/", error);
	return 0;
}

const struct container_step read_only_step = {
	.text = { .name = "read-only", .options = { "read-only" } },
	.run = close_root,
};

/* --- the old root goes --- */

static bool is_initramfs(void)
{
	struct statfs status;

	return !statfs("/", &status) &&
	       (status.f_type == RAMFS_MAGIC || status.f_type == TMPFS_MAGIC);
}

/*
 * With both arguments "." the old root ends up on top of the new one and is
 * detached from there (pivot_root(2)): the image needs no place for it, and
 * nothing leads back. An initramfs cannot be pivoted (EINVAL): there, and there
 * alone, the new root is moved over the old one, which hides it and does not
 * detach it.
 */
static int pivot(void)
{
	if (!syscall(SYS_pivot_root, ".", "."))
		return umount2(".", MNT_DETACH);
	if (errno != EINVAL || !is_initramfs())
		return -1;
	if (mount(".", "/", NULL, MS_MOVE, NULL))
		return -1;
	return chroot(".");
}

static int enter_new_root(int root)
{
	if (fchdir(root) || pivot())
		return -1;
	return chdir("/");
}

/*
 * A process that stands below a new mount still sees what the mount hides: so
 * rind enters its working directory again, by name. The kernel's call tells an
 * unreachable one by a path without a slash (getcwd(2)).
 */
static int enter_workdir_again(void)
{
	char path[PATH_MAX];

	if (syscall(SYS_getcwd, path, sizeof(path)) > 0 && *path == '/' &&
	    !chdir(path))
		return 0;
	return chdir("/");
}

static int enter_root(struct container *container, struct error *error)
{
	if (container->new_root) {
		if (outer_proc_refuse(container, error))
			return -1;
		if (enter_new_root(container->root))
			return error_errno(error, "root", "pivot_root", NULL);
	} else if (has_own_mounts(container)) {
		if (enter_workdir_again())
			return error_errno(error, "root", "working directory",
					   NULL);
	}
	close(container->root);
	container->root = -1;
	return 0;
}

const struct container_step pivot_step = {
	.text = { .name = "pivot", .options = { "root" } },
	.run = enter_root,
};
