/* Why a mount failed, and what helps. */
#include "setup/mounts/mount_error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/text.h"

/*
 * The first row that fits counts. A user namespace may mount only what belongs
 * to namespaces of its own, and a proc only where nothing is hidden in the one
 * outside (mount_namespaces(7)): engines mask paths there.
 */
static const struct mount_cure {
	int number;
	const char *subject; /* NULL: any */
	const char *cure;
} mount_cures[] = {
	{ EPERM, "proc",
	  "add --unshare=pid, and start the container without masked paths: "
	  "docker run --security-opt systempaths=unconfined, podman run "
	  "--security-opt unmask=ALL" },
	{ EPERM, "mqueue", "add --unshare=ipc" },
	{ EPERM, "sysfs", "add --unshare=net" },
	{ EPERM, NULL,
	  "add --unshare=user,mount, or start rind with CAP_SYS_ADMIN and "
	  "without a seccomp profile that forbids mounts" },
	{ EINVAL, "bind",
	  "mount a directory on a directory, and a file on a file; in a user "
	  "namespace without bind-recursive=disabled" },
	{ EINVAL, "tmpfs",
	  "mount it on a directory, and write size=64m, mode=1777, uid=0 or "
	  "gid=0" },
	{ EINVAL, "overlay",
	  "put upperdir and workdir on one writable file system, neither "
	  "inside the other" },
	{ ENOENT, "overlay", "create lowerdir, upperdir and workdir first" },
	{ ENOENT, NULL,
	  "create the mount point: rind does so only below a new root" },
	{ EROFS, "overlay",
	  "make the workdir writable, with space left: the kernel's log has "
	  "its reason" },
	{ EROFS, NULL,
	  "create the mount point in the image: its file system is "
	  "read-only" },
	{ EACCES, NULL,
	  "create the mount point, and let rind enter every directory of the "
	  "path" },
	{ EEXIST, NULL, "remove the symbolic link that dangles" },
	{ ELOOP, NULL, "replace the symbolic link in the path by a directory" },
	{ ECANCELED, NULL,
	  "create the mount point: --explain does not, and has not tried the "
	  "steps that follow" },
	{ ENOSYS, NULL, "use a kernel that has this system call" },
	{ ENODEV, NULL, "use a kernel that has this file system" },
};

static const char *find_cure(int number, const char *subject)
{
	for (size_t i = 0; i < ARRAY_LENGTH(mount_cures); i++) {
		const struct mount_cure *row = &mount_cures[i];

		if (row->number == number &&
		    (!row->subject || !strcmp(row->subject, subject)))
			return row->cure;
	}
	return NULL;
}

int mount_error(const char *subject, const char *path, struct error *error)
{
	int number = errno;
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s on %s", subject, path);
	error_errno(error, "mounts", object, find_cure(number, subject));
	/* Not a failure: --explain stops where it would leave a trace. */
	if (number == ECANCELED)
		error->status = 0;
	return -1;
}

int mount_finish(int mount, int target, const char *subject, const char *path,
		 struct error *error)
{
	int result = 0;

	if (mount < 0)
		result = mount_error(target < 0 ? "target" : subject, path,
				     error);
	if (mount >= 0)
		close(mount);
	if (target >= 0)
		close(target);
	return result;
}
