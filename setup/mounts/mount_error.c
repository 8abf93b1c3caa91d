/* What went wrong with a mount, and what helps. */
#include "setup/mounts/mount_error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/text.h"

/*
 * The first that fits: of what was to be mounted and why that failed. A user
 * namespace may mount only what belongs to namespaces of its own, and a proc
 * only where the one outside has nothing hidden in it (mount_namespaces(7)):
 * engines mask paths there.
 */
static const struct {
	int number;
	const char *what; /* or NULL: any */
	const char *cure;
} mount_cures[] = {
	{ EPERM, "proc",
	  "a user namespace needs --unshare=pid, and a /proc outside without "
	  "masked paths: docker run --security-opt systempaths=unconfined, "
	  "podman run --security-opt unmask=ALL" },
	{ EPERM, "mqueue", "add --unshare=ipc" },
	{ EPERM, NULL,
	  "needs CAP_SYS_ADMIN: add --unshare=user,mount; an engine's seccomp "
	  "or AppArmor profile may withhold it too" },
	{ EINVAL, "bind", "a directory goes on a directory, a file on a file" },
	{ EINVAL, "tmpfs", "a value of size, mode, uid or gid" },
	{ EINVAL, "overlay",
	  "upperdir and workdir have to be on one file system, and neither "
	  "inside the other" },
	{ ENOENT, "overlay", "lowerdir, upperdir and workdir have to exist" },
	{ ENOENT, NULL, "only below a new root are missing places made" },
	{ EROFS, "overlay", "the kernel could not write to its workdir" },
	{ EROFS, NULL, "the place is missing, and its file system read-only" },
	{ EACCES, NULL, "may rind go there?" },
	{ EEXIST, NULL, "a link that leads nowhere is in the way" },
	{ ELOOP, NULL, "where does a link lead to?" },
	{ ECANCELED, NULL,
	  "the place is missing, and --explain makes none: what comes after "
	  "it was not tried" },
	{ ENOSYS, NULL, "the kernel lacks this call" },
	{ ENODEV, NULL, "the kernel lacks this file system" },
};

static const char *find_cure(int number, const char *what)
{
	for (size_t i = 0; i < sizeof(mount_cures) / sizeof(mount_cures[0]);
	     i++)
		if (mount_cures[i].number == number &&
		    (!mount_cures[i].what ||
		     !strcmp(mount_cures[i].what, what)))
			return mount_cures[i].cure;
	return NULL;
}

int mount_error(const char *what, const char *path, struct error *error)
{
	int number = errno;
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s on %s", what, path);
	error_errno(error, "mounts", object, find_cure(number, what));
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
