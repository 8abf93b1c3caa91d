/*
 * The container-wide steps that mount: what leaks out is cut first, the new
 * root is attached next to the old one and filled, closed for writing last, and
 * only then becomes the root. Nothing in it has run so far.
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
#include "setup/mounts/make_target.h"
#include "setup/mounts/mount_error.h"
#include "setup/mounts/mounts_root.h"
#include "setup/mounts/overlay.h"
#include "setup/mounts/standard_mounts.h"
#include "setup/steps.h"
#include "sys/mount_api.h"
#include "sys/resolve.h"

static bool has_own_mounts(const struct container *container)
{
	return container->plan->namespaces.unshare & CLONE_NEWNS;
}

/* Private, so that no mount of ours appears outside, nor theirs in here. */
int propagation_setup(struct container *container, struct error *error)
{
	if (has_own_mounts(container) &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return mount_error("private propagation", "/", error);
	return 0;
}

/*
 * DIR bound onto itself with all below it: pivot_root(2) wants a mount point. A
 * root that is to be read-only gets that here for what is mounted below it; its
 * own mount follows at the end, when the places in it have been made, unless
 * nobody may write there anyway.
 */
static int bind_root(const struct plan *plan, const char *path, int place)
{
	bool closed = plan->mounts.read_only;
	struct mount_request request = { .source = path,
					 .attributes = closed ? ATTR_RDONLY : 0,
					 .recursive = true };
	int root = mount_make(&request, place);

	if (root >= 0 && closed && !mount_is_read_only(place))
		mount_allow_writes(root);
	return root;
}

int root_setup(struct container *container, struct error *error)
{
	const struct plan *plan = container->plan;
	const struct plan_mount *overlay = mounts_root_overlay(plan);
	const char *path = mounts_root(plan);
	int place;

	container->new_root = path;
	if (!path)
		path = "/";
	place = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place < 0)
		return error_errno(error, "root", path, NULL);
	container->root = place;
	if (!container->new_root)
		return 0;
	container->root = overlay ? overlay_make(container, overlay, place)
				  : bind_root(plan, path, place);
	if (container->root < 0)
		mount_error(overlay ? "overlay" : "root", path, error);
	close(place);
	if (container->root < 0)
		return -1;
	/* Nodes of the image's are its author's way to the host's devices. */
	if (!overlay && mount_restrict(container->root, ATTR_NODEV, false))
		return mount_error("nodev", path, error);
	return 0;
}

static int mount_one(const struct container *container,
		     const struct plan_mount *mount, struct error *error)
{
	struct mount_request request = {
		.kind = mount->kind,
		.source = mount->source,
		.attributes = mount->attributes,
		.recursive = !mount->not_recursive,
		.data = mount->data.data,
		.path = mount->target,
		.root = container->root,
	};
	/* A file is mounted on a file, all else on a directory. */
	enum target_kind kind = TARGET_DIRECTORY;
	struct stat status;
	int target;
	int made = -1;

	if (mount->source && stat(mount->source, &status))
		return error_errno(error, "mounts", mount->source,
				   "the source of a bind mount");
	if (mount->source && !S_ISDIR(status.st_mode))
		kind = TARGET_FILE;
	target = target_make(container, mount->target, kind);
	if (target >= 0)
		made = mount->kind == MOUNT_OVERLAY
			       ? overlay_make(container, mount, target)
			       : mount_make(&request, target);
	return mount_end(made, target, mount_types[mount->kind], mount->target,
			 error);
}

int mounts_setup(struct container *container, struct error *error)
{
	const struct plan_mount *mount = container->plan->mounts.mounts;

	for (; mount; mount = mount->next)
		if (!mounts_is_root(mount) &&
		    (mount_one(container, mount, error) ||
		     standard_cover(container, true, error)))
			return -1;
	return 0;
}

int masks_setup(struct container *container, struct error *error)
{
	const struct plan_mounts *mounts = &container->plan->mounts;
	const struct plan_mount *const lists[COVERS] = {
		[COVER_MASK] = mounts->masks,
		[COVER_PROTECT] = mounts->protects,
	};

	for (enum cover cover = 0; cover < COVERS; cover++)
		for (const struct plan_mount *m = lists[cover]; m; m = m->next)
			if (cover_path(container, m->target, cover, false,
				       error))
				return -1;
	return 0;
}

/* The root's own mount; what has been mounted in it stays as it was asked. */
int read_only_setup(struct container *container, struct error *error)
{
	if (container->plan->mounts.read_only &&
	    mount_restrict(container->root, ATTR_RDONLY, false))
		return mount_error("read-only", "/", error);
	return 0;
}

static bool is_initramfs(void)
{
	struct statfs status;

	return !statfs("/", &status) &&
	       (status.f_type == RAMFS_MAGIC || status.f_type == TMPFS_MAGIC);
}

/*
 * With both arguments ".", the old root ends up on top of the new one and is
 * detached from there (pivot_root(2)): no place in the image is needed for it,
 * and nothing leads back. An initramfs cannot be pivoted: there the new root is
 * moved over it, and nowhere else, as that hides the old one and no more.
 */
static int pivot(void)
{
	if (!syscall(SYS_pivot_root, ".", "."))
		return umount2(".", MNT_DETACH);
	if (errno != EINVAL || !is_initramfs())
		return -1;
	return mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".");
}

/*
 * The working directory by its name again: what has been mounted over it hides
 * nothing from those who are below already.
 */
static int enter_again(void)
{
	char path[PATH_MAX];

	return syscall(SYS_getcwd, path, sizeof(path)) > 0 && *path == '/' &&
			       !chdir(path)
		       ? 0
		       : chdir("/");
}

int pivot_setup(struct container *container, struct error *error)
{
	const char *failed = NULL;

	if (container->new_root) {
		if (fchdir(container->root) || pivot() || chdir("/"))
			failed = "pivot_root";
	} else if (has_own_mounts(container) && enter_again()) {
		failed = "working directory";
	}
	if (failed)
		return error_errno(error, "root", failed, NULL);
	close(container->root);
	container->root = -1;
	return 0;
}
