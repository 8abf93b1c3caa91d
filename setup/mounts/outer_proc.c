/* A /proc in the new root that leads out of it. */
#include "setup/mounts/outer_proc.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/text.h"
#include "sys/procfs.h"
#include "sys/resolve.h"

static const char reason[] = "a view of processes outside of the new root";

static bool plan_mounts_proc(const struct plan_mounts *plan)
{
	const struct plan_mount *mount = plan->mounts;

	while (mount && mount->kind != MOUNT_PROC)
		mount = mount->next;
	return plan->standard || mount;
}

/* One line of proc_pid_mountinfo(5); false where it is of no procfs. */
static bool read_line(char *line, const char **part, char **point)
{
	char *fields[5] = { NULL };

	for (int i = 0; i < 5; i++)
		fields[i] = strsep(&line, " ");
	line = line ? strstr(line, " - ") : NULL;
	if (!line || strncmp(line, " - proc ", 8))
		return false;
	*part = fields[3];
	*point = text_unescape(fields[4]);
	return *point != NULL;
}

/*
 * Whether what can be seen at PATH is a procfs that leads out. Of one mounted
 * whole /proc/self tells the namespace; of a part of one, only the directory of
 * a process leads anywhere. 1, 0, or -1 with errno.
 */
static int leads_out(int root, const char *path, const char *part)
{
	int fd = resolve_in_root(root, path);
	int result;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	if (!is_procfs(fd))
		result = 0;
	else if (part[1])
		result = isdigit((unsigned char)part[1]) != 0;
	else
		result = getpid() != 1 || !procfs_shows_self(fd);
	close(fd);
	return result;
}

static int refuse(const char *path, struct error *error)
{
	char cure[300];
	struct text text = text_in(cure, sizeof(cure));

	if (!strcmp(path, "/proc"))
		return error_set(error, "root", path, reason,
				 "add --unshare=pid and "
				 "--mount=type=proc,target=/proc");
	text_addf(&text, "add --mask=%s", path);
	return error_set(error, "root", path, reason, cure);
}

/* What is below the new root, by PREFIX, its path in the old one. */
static int refuse_below(int root, const char *prefix, char *mountinfo,
			struct error *error)
{
	size_t length = strlen(prefix);
	char *line;

	while ((line = line_next(&mountinfo, NULL))) {
		const char *part;
		char *point;
		int found;

		if (!read_line(line, &part, &point) ||
		    strncmp(point, prefix, length) || point[length] != '/')
			continue;
		point += length;
		found = leads_out(root, point, part);
		if (found < 0)
			return error_errno(error, "root", point, NULL);
		if (found)
			return refuse(point, error);
	}
	return 0;
}

int outer_proc_refuse(const struct container *container, struct error *error)
{
	char prefix[PATH_MAX];
	struct file mountinfo;
	int result;

	/*
	 * A process in a new user namespace may not ptrace(2) those outside,
	 * which /proc/PID/root asks for.
	 */
	if (container->plan->namespaces.unshare & CLONE_NEWUSER)
		return 0;
	/* Others were in this PID namespace before rind. */
	if (getpid() != 1 && plan_mounts_proc(&container->plan->mounts))
		return error_set(error, "root", "/proc", reason,
				 "add --unshare=pid");
	if (procfs_fd_target(container->root, prefix, sizeof(prefix)) ||
	    procfs_read("/proc/self/mountinfo", &mountinfo)) {
		/* The old root has no /proc to ask: the usual place is looked
		 * at. */
		if (errno == ENOENT &&
		    !leads_out(container->root, "/proc", "/"))
			return 0;
		if (errno == ENOENT)
			return refuse("/proc", error);
		return error_errno(error, "root", "/proc/self/mountinfo", NULL);
	}
	if (!strcmp(prefix, "/"))
		*prefix = '\0';
	result = refuse_below(container->root, prefix, mountinfo.data, error);
	file_free(&mountinfo);
	return result;
}
