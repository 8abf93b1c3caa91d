/*
 * The standard mounts: what every container has, by the OCI runtime's defaults.
 * What is missing is made; what is already right is left alone.
 */
#include "setup/mounts/standard_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "setup/mounts/cover.h"
#include "setup/mounts/device_nodes.h"
#include "setup/mounts/make_target.h"
#include "setup/mounts/mount_error.h"
#include "setup/namespaces/idmap.h"
#include "setup/steps.h"
#include "sys/mount_api.h"
#include "sys/procfs.h"
#include "sys/resolve.h"
#include "sys/standard_paths.h"

enum {
	MQUEUE_MAGIC = 0x19800202,
	TTY_GID = 5
};

/* What makes a place right, so that it stays as it is. */
enum right {
	RIGHT_PROC,   /* procfs, and of rind's own PID namespace */
	RIGHT_MAGIC,  /* a mount of this type, and of its namespace's age */
	RIGHT_DEV,    /* has the null device */
	RIGHT_SCRATCH /* a directory that can be written to */
};

static const struct standard {
	const char *target;
	enum mount_kind kind;
	enum right right;
	unsigned int attributes;
	unsigned int magic;
	unsigned int stale; /* a new one of these makes an old mount wrong */
	const char *data;
} standards[] = {
	/* The first two hold what is masked and protected. */
	{ "/proc", MOUNT_PROC, RIGHT_PROC, ATTR_NORMAL, PROC_SUPER_MAGIC,
	  CLONE_NEWPID, NULL },
	{ "/sys", MOUNT_SYSFS, RIGHT_MAGIC, ATTR_NORMAL | ATTR_RDONLY,
	  SYSFS_MAGIC, CLONE_NEWNET, NULL },
	{ "/dev", MOUNT_TMPFS, RIGHT_DEV, ATTR_NOSUID, TMPFS_MAGIC, 0,
	  "mode=755,size=64k" },
	{ "/dev/pts", MOUNT_DEVPTS, RIGHT_MAGIC, ATTR_NOSUID | ATTR_NOEXEC,
	  DEVPTS_SUPER_MAGIC, 0, "gid=5,newinstance,ptmxmode=0666,mode=0620" },
	{ "/dev/shm", MOUNT_TMPFS, RIGHT_MAGIC, ATTR_NORMAL, TMPFS_MAGIC, 0,
	  "mode=1777,size=65536k" },
	{ "/dev/mqueue", MOUNT_MQUEUE, RIGHT_MAGIC, ATTR_NORMAL, MQUEUE_MAGIC,
	  CLONE_NEWIPC, NULL },
	{ "/tmp", MOUNT_TMPFS, RIGHT_SCRATCH, ATTR_NOSUID | ATTR_NODEV,
	  TMPFS_MAGIC, 0, "mode=1777" },
	{ "/run", MOUNT_TMPFS, RIGHT_SCRATCH, ATTR_NOSUID | ATTR_NODEV,
	  TMPFS_MAGIC, 0, "mode=755" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Of its own: what is above it is another file system. */
static bool is_mount(int fd)
{
	struct stat own;
	struct stat above;

	return !fstat(fd, &own) && !fstatat(fd, "..", &above, 0) &&
	       own.st_dev != above.st_dev;
}

static bool is_right(const struct container *container,
		     const struct standard *row, int fd)
{
	const struct plan *plan = container->plan;
	struct statfs status;
	bool same;

	if (fstatfs(fd, &status))
		return false;
	same = status.f_type == row->magic && is_mount(fd);
	switch (row->right) {
	case RIGHT_PROC:
		return same && procfs_shows_self(fd);
	case RIGHT_MAGIC:
		return same && !container->new_root &&
		       !(plan->namespaces.unshare & row->stale) &&
		       (!(row->attributes & ATTR_RDONLY) ||
			status.f_flags & ST_RDONLY);
	case RIGHT_DEV:
		/* What an image holds there is nobody's to write to. */
		return !container->new_root && device_nodes_have_null(fd);
	default: /* RIGHT_SCRATCH */
		return same || (!plan->mounts.read_only &&
				!(status.f_flags & ST_RDONLY));
	}
}

static bool has_type(int fd, const struct standard *row)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_type == row->magic;
}

/*
 * gid 5 is the tty group; a user namespace may not have it. A sysfs of a
 * network namespace that is not rind's own may not be mounted, but bound; one
 * that was there is bound over itself, with the cgroups that are below it.
 */
static int make_row(const struct container *container,
		    const struct standard *row, int target)
{
	struct mount_request request = { .kind = row->kind,
					 .attributes = row->attributes,
					 .data = row->data,
					 .path = row->target,
					 .root = container->root };
	bool there = row->kind == MOUNT_SYSFS && has_type(target, row) &&
		     !(container->plan->namespaces.unshare & CLONE_NEWNET);
	int made = there ? -1 : mount_make(&request, target);

	if (made >= 0)
		return made;
	if (row->kind == MOUNT_DEVPTS && errno == EINVAL &&
	    !idmap_knows_gid(TTY_GID)) {
		request.data += sizeof("gid=5,") - 1;
	} else if (row->kind == MOUNT_SYSFS && (there || errno == EPERM)) {
		request.kind = MOUNT_BIND;
		request.source = "/sys";
		request.recursive = true;
	} else {
		return -1;
	}
	return mount_make(&request, target);
}

static bool is_mounted_by_user(const struct plan *plan, const char *target)
{
	size_t length = strlen(target);

	for (const struct plan_mount *m = plan->mounts.mounts; m; m = m->next)
		if (!strncmp(m->target, target, length) &&
		    !m->target[length + strspn(m->target + length, "/")])
			return true;
	return false;
}

static void note_dev(struct container *container, int made)
{
	struct stat status;

	if (!fstat(made, &status))
		container->own_dev = status.st_dev;
}

static int finish_row(struct container *container, const struct standard *row,
		      struct error *error)
{
	bool dev = row->right == RIGHT_DEV;
	int target;

	/* Where the user mounts on /dev, nothing is put below that. */
	if (is_mounted_by_user(container->plan, row->target))
		return 0;
	target = target_make(container, row->target, TARGET_DIRECTORY);
	if (target < 0)
		return mount_error("target", row->target, error);
	if (is_right(container, row, target)) {
		close(target);
	} else {
		int made = make_row(container, row, target);

		if (dev && made >= 0)
			note_dev(container, made);
		if (mount_end(made, target, mount_types[row->kind], row->target,
			      error))
			return -1;
	}
	return dev && (container->own_dev || !container->plan->explain)
		       ? device_nodes_finish(container, error)
		       : 0;
}

/*
 * A link in the place of /proc or /sys may lead to one that a later mount
 * hides: what is masked there would not be found by its path.
 */
static int lead_astray(const struct container *container, struct error *error)
{
	for (const struct standard *row = standards; row < standards + 2;
	     row++) {
		int fd = resolve_in_root(container->root, row->target);
		bool right = is_mounted_by_user(container->plan, row->target) ||
			     (readlinkat(container->root, row->target + 1,
					 &(char){ 0 }, 1) < 0 &&
			      (row->kind != MOUNT_PROC || has_type(fd, row)));

		close(fd);
		if (!right) {
			errno = ELOOP;
			return mount_error("target", row->target, error);
		}
	}
	return 0;
}

/*
 * 1: PATH shows the kernel's own file, as a mask's is none, which may be
 * written to, as what is protected may not; or cover_path() will tell. 0: it is
 * covered. -1: an error.
 */
static int is_bare(const struct container *container, const char *path,
		   enum cover cover)
{
	int fd = resolve_in_root(container->root, path);
	struct statfs status;
	int bare;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	bare = fstatfs(fd, &status);
	if (!bare)
		bare = (status.f_type == PROC_SUPER_MAGIC ||
			status.f_type == SYSFS_MAGIC) &&
		       (cover == COVER_MASK || !(status.f_flags & ST_RDONLY));
	close(fd);
	return bare;
}

/* PATH by itself, or AGAIN. */
static int cover_one(const struct container *container, const char *path,
		     enum cover cover, bool again, struct error *error)
{
	int bare = is_mounted_by_user(container->plan, path) ? 0
		   : again ? is_bare(container, path, cover)
			   : 1;

	if (bare < 0)
		return mount_error("cover", path, error);
	return bare ? cover_path(container, path, cover, true, error) : 0;
}

int standard_cover(const struct container *container, bool again,
		   struct error *error)
{
	static const char *const *const lists[COVERS] = {
		[COVER_MASK] = standard_masked,
		[COVER_PROTECT] = standard_protected,
	};

	if (!container->plan->mounts.standard)
		return 0;
	if (lead_astray(container, error))
		return -1;
	for (enum cover cover = 0; cover < COVERS; cover++)
		for (const char *const *path = lists[cover]; *path; path++)
			if (cover_one(container, *path, cover, again, error))
				return -1;
	return 0;
}

int standard_setup(struct container *container, struct error *error)
{
	if (!container->plan->mounts.standard)
		return 0;
	for (size_t i = 0; i < COUNT(standards); i++)
		if (finish_row(container, &standards[i], error))
			return -1;
	return standard_cover(container, false, error);
}
