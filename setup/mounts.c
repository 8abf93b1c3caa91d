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
#include <sys/syscall.h>
#include <unistd.h>

#include "base/packed.h"
#include "base/text.h"
#include "base/words.h"
#include "setup/mount_api.h"
#include "setup/overlay.h"
#include "setup/rooms.h"
#include "setup/standard.h"
#include "setup/target.h"

/*
 * The first that fits: an error's number, what was to be mounted (or none: any)
 * and the cure. A user namespace may mount only what belongs to namespaces of
 * its own, and a proc only where the one outside has nothing hidden in it
 * (mount_namespaces(7)): engines mask paths there.
 */
/* clang-format off */
static const char mount_cures[] =
	/* EPERM */
	"\001proc\0" TEXT("a user namespace needs --unshare=pid, and a /proc "
			  "outside without masked paths: docker run "
			  "--security-opt systempaths=unconfined, podman run "
			  "--security-opt unmask=ALL") "\0"
	"\001mqueue\0" TEXT("add --unshare=ipc") "\0"
	"\001\0" TEXT("needs CAP_SYS_ADMIN: add --unshare=user,mount; an "
		      "engine's seccomp or AppArmor profile may withhold it "
		      "too") "\0"
	/* EINVAL */
	"\026bind\0" TEXT("a directory goes on a directory, a file on a "
			  "file") "\0"
	"\026tmpfs\0" TEXT("a value of size, mode, uid or gid") "\0"
	"\026overlay\0" TEXT("upperdir and workdir have to be on one file "
			     "system, and neither inside the other") "\0"
	/* ENOENT */
	"\002overlay\0" TEXT("lowerdir, upperdir and workdir have to "
			     "exist") "\0"
	"\002\0" TEXT("only below a new root are missing places made") "\0"
	/* EROFS */
	"\036overlay\0" TEXT("the kernel could not write to its workdir") "\0"
	"\036\0" TEXT("the place is missing, and its file system "
		      "read-only") "\0"
	/* EACCES, EEXIST, ELOOP, ECANCELED, ENOSYS, ENODEV */
	"\015\0" TEXT("may rind go there?") "\0"
	"\021\0" TEXT("a link that leads nowhere is in the way") "\0"
	"\050\0" TEXT("where does a link lead to?") "\0"
	"\175\0" TEXT("the place is missing, and --explain makes none: what "
		      "comes after it was not tried") "\0"
	"\046\0" TEXT("the kernel lacks this call") "\0"
	"\023\0" TEXT("the kernel lacks this file system") "\0";
/* clang-format on */

int mount_error(const char *what, const char *path, struct error *error)
{
	int number = errno;
	char object[512];
	struct text text = text_in(object, sizeof(object));
	const char *row = mount_cures;

	while (*row && (*row != number || (row[1] && strcmp(row + 1, what))))
		row = word_at(row, 2);
	text_add(&text, what);
	text_add(&text, " on ");
	text_add(&text, path);
	error_errno(error, "mounts", object, *row ? word_at(row, 1) : NULL);
	if (number == ECANCELED)
		error->status = 0;
	return -1;
}

int mount_end(int made, int target, const char *what, const char *path,
	      struct error *error)
{
	if (made < 0)
		mount_error(target < 0 ? "target" : what, path, error);
	close(made);
	close(target);
	return made < 0 ? -1 : 0;
}

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

static bool is_root_mount(const struct plan_mount *mount)
{
	return !mount->target[strspn(mount->target, "/")];
}

/* An overlay that is to be the root itself, or NULL. */
static const struct plan_mount *root_overlay(const struct plan *plan)
{
	for (const struct plan_mount *m = plan->mounts.mounts; m; m = m->next)
		if (is_root_mount(m))
			return m;
	return NULL;
}

const char *mounts_root(const struct plan *plan)
{
	const struct plan_mount *overlay = root_overlay(plan);

	if (plan->mounts.root || !overlay)
		return plan->mounts.root;
	return overlay_top(overlay);
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
	const struct plan_mount *overlay = root_overlay(plan);
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
				   TEXT("the source of a bind mount"));
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
		if (!is_root_mount(mount) &&
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
