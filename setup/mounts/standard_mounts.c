/*
 * --standard-mounts: the mounts that every container has by the OCI runtimes'
 * defaults ("runc spec"). A mount that is missing is made; one that an engine
 * has made already stays.
 */
#include <errno.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/array.h"
#include "setup/mounts/device_nodes.h"
#include "setup/mounts/mount_error.h"
#include "setup/mounts/mount_point.h"
#include "setup/mounts/planned_mounts.h"
#include "setup/mounts/standard_covers.h"
#include "setup/steps.h"
#include "sys/id_map.h"
#include "sys/kernel_constants.h"
#include "sys/mount_api.h"
#include "sys/procfs.h"

enum {
	TTY_GID = 5 /* the group tty, by the OCI runtimes */
};

/* On which condition the place stays as rind finds it. */
enum stays_if {
	STAYS_IF_OWN_PROC,    /* a procfs of rind's own PID namespace */
	STAYS_IF_CURRENT,     /* a mount of this kind, of rind's namespaces */
	STAYS_IF_HAS_NULL,    /* a directory with the null device */
	STAYS_IF_CAN_WRITE_TO /* a directory that can be written to */
};

static const struct standard_mount {
	const char *target;
	enum mount_kind kind;
	unsigned int magic; /* its file system, statfs(2) */
	unsigned int attributes;
	const char *data;
	const char *data_without_tty; /* where gid 5 is not mapped, or NULL */
	enum stays_if stays_if;
	unsigned int new_namespace; /* CLONE_NEW*: an old mount is of another */
} standard_mounts[] = {
	/* The first two are what the covers lie on. */
	{ .target = "/proc",
	  .kind = MOUNT_PROC,
	  .magic = PROC_SUPER_MAGIC,
	  .attributes = MOUNT_ATTRS_DATA_ONLY,
	  .stays_if = STAYS_IF_OWN_PROC,
	  .new_namespace = CLONE_NEWPID },
	{ .target = "/sys",
	  .kind = MOUNT_SYSFS,
	  .magic = SYSFS_MAGIC,
	  .attributes = MOUNT_ATTRS_DATA_ONLY | MOUNT_ATTR_RDONLY,
	  .stays_if = STAYS_IF_CURRENT,
	  .new_namespace = CLONE_NEWNET },
	{ .target = "/dev",
	  .kind = MOUNT_TMPFS,
	  .magic = TMPFS_MAGIC,
	  .attributes = MOUNT_ATTR_NOSUID,
	  .data = "mode=755,size=64k",
	  .stays_if = STAYS_IF_HAS_NULL },
	{ .target = "/dev/pts",
	  .kind = MOUNT_DEVPTS,
	  .magic = DEVPTS_SUPER_MAGIC,
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	  .data = "gid=5,newinstance,ptmxmode=0666,mode=0620",
	  .data_without_tty = "newinstance,ptmxmode=0666,mode=0620",
	  .stays_if = STAYS_IF_CURRENT },
	{ .target = "/dev/shm",
	  .kind = MOUNT_TMPFS,
	  .magic = TMPFS_MAGIC,
	  .attributes = MOUNT_ATTRS_DATA_ONLY,
	  .data = "mode=1777,size=65536k",
	  .stays_if = STAYS_IF_CURRENT },
	{ .target = "/dev/mqueue",
	  .kind = MOUNT_MQUEUE,
	  .magic = MQUEUE_MAGIC,
	  .attributes = MOUNT_ATTRS_DATA_ONLY,
	  .stays_if = STAYS_IF_CURRENT,
	  .new_namespace = CLONE_NEWIPC },
	{ .target = "/tmp",
	  .kind = MOUNT_TMPFS,
	  .magic = TMPFS_MAGIC,
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	  .data = "mode=1777",
	  .stays_if = STAYS_IF_CAN_WRITE_TO },
	{ .target = "/run",
	  .kind = MOUNT_TMPFS,
	  .magic = TMPFS_MAGIC,
	  .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	  .data = "mode=755",
	  .stays_if = STAYS_IF_CAN_WRITE_TO },
};

/* --- what is there --- */

/* Whether FD is another file system than the directory above it. */
static bool is_file_system_root(int fd)
{
	struct stat own;
	struct stat above;

	return !fstat(fd, &own) && !fstatat(fd, "..", &above, 0) &&
	       own.st_dev != above.st_dev;
}

/* With attributes at least as strict, and of no namespace that rind has left.
 */
static bool is_current(const struct container *container,
		       const struct standard_mount *row,
		       const struct statfs *status)
{
	bool is_read_only = status->f_flags & ST_RDONLY;

	if (container->new_root ||
	    container->plan->namespaces.unshare & row->new_namespace)
		return false;
	return is_read_only || !(row->attributes & MOUNT_ATTR_RDONLY);
}

/* Whether the place that FD is open on stays as it is. */
static bool stays(const struct container *container,
		  const struct standard_mount *row, int fd)
{
	struct statfs status;
	bool is_mounted;

	if (fstatfs(fd, &status))
		return false;
	is_mounted = status.f_type == row->magic && is_file_system_root(fd);
	switch (row->stays_if) {
	case STAYS_IF_OWN_PROC:
		return is_mounted && procfs_shows_self(fd);
	case STAYS_IF_CURRENT:
		return is_mounted && is_current(container, row, &status);
	case STAYS_IF_HAS_NULL:
		/* The nodes in an image are its author's choice. */
		return !container->new_root && device_nodes_have_null(fd);
	case STAYS_IF_CAN_WRITE_TO:
		return is_mounted || (!container->plan->mounts.read_only &&
				      !(status.f_flags & ST_RDONLY));
	}
	return false;
}

/* --- what is made --- */

static struct mount_request request_for(const struct container *container,
					const struct standard_mount *row)
{
	return (struct mount_request){ .kind = row->kind,
				       .attributes = row->attributes,
				       .data = row->data,
				       .path = row->target,
				       .root = container->root };
}

/* A user namespace refuses (EINVAL) a gid that it does not map. */
static int mount_devpts(struct mount_request *request,
			const struct standard_mount *row, int target)
{
	int mount = mount_make(request, target);

	if (mount >= 0 || errno != EINVAL || gid_is_mapped(TTY_GID))
		return mount;
	request->data = row->data_without_tty;
	return mount_make(request, target);
}

/*
 * A sysfs shows a network namespace. That of one which rind does not own may
 * not be mounted (EPERM), but bound. Where the place has one already it is
 * bound over itself, with the cgroups below it.
 */
static int mount_sysfs(const struct container *container,
		       struct mount_request *request, int target)
{
	bool keeps_network = !(container->plan->namespaces.unshare &
			       CLONE_NEWNET);
	struct statfs status;
	bool has_sysfs = !fstatfs(target, &status) &&
			 status.f_type == SYSFS_MAGIC;

	if (!has_sysfs || !keeps_network) {
		int mount = mount_make(request, target);

		if (mount >= 0 || errno != EPERM)
			return mount;
	}
	request->kind = MOUNT_BIND;
	request->source = "/sys";
	request->recursive = true;
	return mount_make(request, target);
}

static int make_mount(const struct container *container,
		      const struct standard_mount *row, int target)
{
	struct mount_request request = request_for(container, row);

	if (row->kind == MOUNT_DEVPTS)
		return mount_devpts(&request, row, target);
	if (row->kind == MOUNT_SYSFS)
		return mount_sysfs(container, &request, target);
	return mount_make(&request, target);
}

static int mount_if_needed(struct container *container,
			   const struct standard_mount *row,
			   struct error *error)
{
	int target = mount_point_open(container, row->target,
				      MOUNT_POINT_DIRECTORY);
	struct stat status;
	int mount;

	if (target < 0)
		return mount_error("target", row->target, error);
	if (stays(container, row, target)) {
		close(target);
		return 0;
	}
	mount = make_mount(container, row, target);
	if (mount >= 0 && row->stays_if == STAYS_IF_HAS_NULL &&
	    !fstat(mount, &status))
		container->own_dev = status.st_dev;
	return mount_finish(mount, target, mount_kind_names[row->kind],
			    row->target, error);
}

static int finish_place(struct container *container,
			const struct standard_mount *row, struct error *error)
{
	if (planned_mount_on(container->plan, row->target))
		return 0;
	if (mount_if_needed(container, row, error))
		return -1;
	if (row->stays_if != STAYS_IF_HAS_NULL)
		return 0;
	/* --explain makes no node in a /dev that is not rind's own. */
	if (container->plan->explain && !container->own_dev)
		return 0;
	return device_nodes_finish(container, error);
}

static int make_standard_mounts(struct container *container,
				struct error *error)
{
	if (!container->plan->mounts.standard)
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(standard_mounts); i++)
		if (finish_place(container, &standard_mounts[i], error))
			return -1;
	return standard_covers_make(container, error);
}

const struct container_step standard_mounts_step = {
	.text = { .name = "standard mounts", .options = { "standard-mounts" } },
	.run = make_standard_mounts,
};
