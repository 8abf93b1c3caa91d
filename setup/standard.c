/*
 * The standard mounts: what every container has, by the OCI runtime's defaults.
 * What is missing is made; what is already right is left alone.
 */
#include "setup/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/number.h"
#include "setup/idmap.h"
#include "setup/mount_api.h"
#include "setup/rooms.h"
#include "setup/target.h"

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

#define NORMAL (ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC)

static const struct standard {
	const char *target, *type;
	unsigned long magic;
	enum right right;
	unsigned int attributes;
	unsigned int stale; /* a new one of these makes an old mount wrong */
	const char *data[5];
} rows[] = {
	{ "/proc",
	  "proc",
	  PROC_SUPER_MAGIC,
	  RIGHT_PROC,
	  NORMAL,
	  CLONE_NEWPID,
	  { NULL } },
	{ "/sys",
	  "sysfs",
	  SYSFS_MAGIC,
	  RIGHT_MAGIC,
	  NORMAL | ATTR_RDONLY,
	  CLONE_NEWNET,
	  { NULL } },
	{ "/dev",
	  "tmpfs",
	  TMPFS_MAGIC,
	  RIGHT_DEV,
	  ATTR_NOSUID,
	  0,
	  { "mode=755", "size=64k" } },
	{ "/dev/pts",
	  "devpts",
	  DEVPTS_SUPER_MAGIC,
	  RIGHT_MAGIC,
	  ATTR_NOSUID | ATTR_NOEXEC,
	  0,
	  { "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" } },
	{ "/dev/shm",
	  "tmpfs",
	  TMPFS_MAGIC,
	  RIGHT_MAGIC,
	  NORMAL,
	  0,
	  { "mode=1777", "size=65536k" } },
	{ "/dev/mqueue",
	  "mqueue",
	  MQUEUE_MAGIC,
	  RIGHT_MAGIC,
	  NORMAL,
	  CLONE_NEWIPC,
	  { NULL } },
	{ "/tmp",
	  "tmpfs",
	  TMPFS_MAGIC,
	  RIGHT_SCRATCH,
	  ATTR_NOSUID | ATTR_NODEV,
	  0,
	  { "mode=1777" } },
	{ "/run",
	  "tmpfs",
	  TMPFS_MAGIC,
	  RIGHT_SCRATCH,
	  ATTR_NOSUID | ATTR_NODEV,
	  0,
	  { "mode=755" } },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int fail(const char *what, const char *path, struct error *error)
{
	return mount_error(what, path, errno, error);
}

static bool is_null(const struct container *container)
{
	int fd = target_open(container->root, "/dev/null");
	struct stat status;
	bool null = fd >= 0 && !fstat(fd, &status) && S_ISCHR(status.st_mode) &&
		    status.st_rdev == makedev(1, 3);

	if (fd >= 0)
		close(fd);
	return null;
}

static bool has_magic(int fd, unsigned long magic)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_type == magic;
}

static bool shows_self(int proc)
{
	char link[16] = "";
	unsigned long pid;

	return readlinkat(proc, "self", link, sizeof(link) - 1) > 0 &&
	       !number_read(link, INT32_MAX, &pid) && (pid_t)pid == getpid();
}

static bool is_right(const struct container *container,
		     const struct standard *row, int fd)
{
	const struct plan *plan = container->plan;
	struct statfs status;

	switch (row->right) {
	case RIGHT_PROC:
		return has_magic(fd, row->magic) && shows_self(fd);
	case RIGHT_MAGIC:
		return !container->new_root && has_magic(fd, row->magic) &&
		       !(plan->namespaces.unshare & row->stale);
	case RIGHT_DEV:
		/* What an image holds there is nobody's to write to. */
		return !container->new_root && is_null(container);
	case RIGHT_SCRATCH:
		return has_magic(fd, row->magic) ||
		       (!plan->mounts.read_only && !fstatfs(fd, &status) &&
			!(status.f_flags & ST_RDONLY));
	}
	return false;
}

/*
 * gid 5 is the tty group; a user namespace may not have it. A sysfs of a
 * network namespace that is not rind's own may not be mounted, but bound.
 */
static int make_row(const struct container *container,
		    const struct standard *row, int target)
{
	struct mount_request request = { .type = row->type,
					 .source_fd = -1,
					 .attributes = row->attributes,
					 .data = row->data,
					 .path = row->target,
					 .root = container->root };
	const char *data[5] = { NULL };
	int made = mount_make(&request, target);

	if (made < 0 && row->magic == DEVPTS_SUPER_MAGIC && errno == EINVAL &&
	    !idmap_knows_gid(TTY_GID)) {
		memcpy(data, row->data, 3 * sizeof(*data));
		request.data = data;
		made = mount_make(&request, target);
	}
	if (made < 0 && row->magic == SYSFS_MAGIC && errno == EPERM) {
		request.type = NULL;
		request.source = "/sys";
		request.recursive = true;
		made = mount_make(&request, target);
	}
	return made;
}

static bool is_mounted_by_user(const struct plan *plan, const char *target)
{
	for (const struct plan_mount *m = plan->mounts.mounts; m; m = m->next)
		if (!strcmp(m->target, target))
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
	int target;
	int made;

	if (is_mounted_by_user(container->plan, row->target))
		return 0;
	target = target_make(container, row->target, TARGET_DIRECTORY);
	if (target < 0)
		return fail("target", row->target, error);
	if (is_right(container, row, target)) {
		close(target);
		return 0;
	}
	made = make_row(container, row, target);
	if (made < 0)
		fail(row->type, row->target, error);
	close(target);
	if (made < 0)
		return -1;
	if (row->right == RIGHT_DEV)
		note_dev(container, made);
	close(made);
	return 0;
}

const char standard_masked[] = "/proc/acpi\0"
			       "/proc/asound\0"
			       "/proc/kcore\0"
			       "/proc/keys\0"
			       "/proc/latency_stats\0"
			       "/proc/timer_list\0"
			       "/proc/timer_stats\0"
			       "/proc/sched_debug\0"
			       "/proc/scsi\0"
			       "/sys/firmware\0";

const char standard_protected[] = "/proc/bus\0"
				  "/proc/fs\0"
				  "/proc/irq\0"
				  "/proc/sys\0"
				  "/proc/sysrq-trigger\0";

int standard_setup(struct container *container, struct error *error)
{
	if (!container->plan->mounts.standard)
		return 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (finish_row(container, &rows[i], error))
			return -1;
		/* Where the user mounts on /dev, nothing is put below that. */
		if (rows[i].right == RIGHT_DEV &&
		    !is_mounted_by_user(container->plan, rows[i].target) &&
		    (container->own_dev || !container->plan->explain) &&
		    dev_finish(container, error))
			return -1;
	}
	for (const char *at = standard_masked; *at; at += strlen(at) + 1)
		if (mask_path(container, at, true, error))
			return -1;
	for (const char *at = standard_protected; *at; at += strlen(at) + 1)
		if (protect_path(container, at, true, error))
			return -1;
	return 0;
}
