/* The cgroup of a process and its limits (cgroups(7)), version 1 and 2. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "check/judges.h"
#include "check/mount_list.h"
#include "lib/arena.h"
#include "lib/array.h"
#include "lib/list.h"
#include "lib/words.h"
#include "sys/kernel_text.h"

/* How one version of cgroups tells a limit. */
struct limit_file {
	const char *name;
	const char *unlimited; /* begins with this where there is no limit */
};

/*
 * Memory and processes are what one container can take from all others. The
 * CPU is shared fairly without a limit.
 */
static const struct limit {
	const char *controller;
	struct limit_file version1, version2;
	bool needed; /* for the verdict "good" */
} limits[] = {
	{ "memory",
	  { "memory.limit_in_bytes", "9223372036854771712" },
	  { "memory.max", "max" },
	  true },
	{ "pids", { "pids.max", "max" }, { "pids.max", "max" }, true },
	{ "cpu", { "cpu.cfs_quota_us", "-1" }, { "cpu.max", "max" }, false },
};

/* The directory of a cgroup: the mount, and the path from there. */
struct cgroup {
	int version;
	const struct mount *mount;
	const char *path; /* "" or begins with a slash */
};

/*
 * Returns the path in the line "ID:CONTROLLER[,CONTROLLER]...:PATH" of /proc's
 * cgroup that CONTROLLER is in, or NULL. Version 2 names none: "0::PATH".
 */
static const char *find_path(char *const *lines, const char *controller)
{
	for (; *lines; lines++) {
		char *rest = arena_strdup(*lines);
		const char *controllers;

		strsep(&rest, ":");
		controllers = strsep(&rest, ":");
		if (rest && word_is_in_list(controller, controllers))
			return rest;
	}
	return NULL;
}

/* OPTION is one of the file system's, or NULL for any. */
static const struct mount *find_mount(const struct mounts *mounts,
				      const char *type, const char *option)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *mount = &mounts->list[i];

		if (!strcmp(mount->type, type) &&
		    (!option || word_is_in_list(option, mount->options)))
			return mount;
	}
	return NULL;
}

/* A part of the tree may be mounted; /proc tells the whole path. */
static bool strip_root(struct cgroup *cgroup)
{
	const char *root = cgroup->mount->root;
	size_t length = strlen(root);

	if (!strcmp(root, "/"))
		return true;
	if (strncmp(cgroup->path, root, length) ||
	    (cgroup->path[length] && cgroup->path[length] != '/'))
		return false;
	cgroup->path += length;
	return true;
}

/* Returns false where CONTROLLER's cgroup is not within what is mounted. */
static bool find_cgroup(char *const *lines, const struct mounts *mounts,
			const char *controller, struct cgroup *cgroup)
{
	cgroup->version = 1;
	cgroup->path = find_path(lines, controller);
	cgroup->mount = find_mount(mounts, "cgroup", controller);
	if (!cgroup->path) {
		cgroup->version = 2;
		cgroup->path = find_path(lines, "");
		cgroup->mount = find_mount(mounts, "cgroup2", NULL);
	}
	return cgroup->path && cgroup->mount && strip_root(cgroup) &&
	       !strstr(cgroup->path, "/..");
}

/* Reads FILE in DIRECTORY; "max" for no limit, NULL where it is not there. */
static const char *read_limit(const char *directory,
			      const struct limit_file *file)
{
	const char *path = arena_printf("%s/%s", directory, file->name);
	char *limit = kernel_text_read(-1, path);

	if (!limit)
		return NULL;
	limit[strcspn(limit, "\n")] = '\0';
	return strncmp(limit, file->unlimited, strlen(file->unlimited)) ? limit
									: "max";
}

/*
 * The nearest limit, from CGROUP up to where the mount begins; "max" where no
 * file tells one, NULL where there is no file.
 */
static const char *find_limit(const struct cgroup *cgroup,
			      const struct limit *limit)
{
	const struct limit_file *file = cgroup->version == 1 ? &limit->version1
							     : &limit->version2;
	char *directory = arena_printf("%s%s", cgroup->mount->point,
				       cgroup->path);
	char *path = directory + strlen(cgroup->mount->point);
	const char *result = NULL;

	for (;;) {
		const char *found = read_limit(directory, file);
		char *slash = strrchr(path, '/');

		if (found)
			result = found;
		if (!slash || (found && strcmp(found, "max")))
			return result;
		*slash = '\0';
	}
}

static bool read_lines(const struct checked_process *process,
		       struct list *lines)
{
	char *rest = process->proc < 0
			     ? NULL
			     : kernel_text_read(process->proc, "cgroup");
	char *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			list_add(lines, line);
	return lines->length > 0;
}

/* The path that limits memory speaks for all, which is so in version 2. */
static void add_path(char *const *lines, struct values *values)
{
	const char *path = find_path(lines, "memory");

	if (!path)
		path = find_path(lines, "");
	if (path)
		value_add(values, "path=", path);
}

static bool read_own_mounts(struct mounts *mounts)
{
	int own = process_directory_open("self");
	bool known = mounts_read(own, mounts);

	close(own);
	return known;
}

/* "max" is the worst that is known of those that are needed. */
static enum verdict judge_limit(const struct limit *limit, const char *found,
				enum verdict so_far)
{
	if (!limit->needed)
		return so_far;
	if (found && !strcmp(found, "max"))
		return VERDICT_WEAK;
	return !found && so_far == VERDICT_GOOD ? VERDICT_UNKNOWN : so_far;
}

/*
 * The files are read through rind's own mounts, by the path that /proc
 * translates for rind into its own cgroup namespace.
 */
enum verdict judge_cgroup(const struct checked_process *process,
			  struct values *values)
{
	struct list lines = { 0 };
	struct mounts mounts;
	enum verdict verdict = VERDICT_GOOD;

	if (!read_lines(process, &lines) || !read_own_mounts(&mounts))
		return VERDICT_UNKNOWN;
	add_path(lines.items, values);
	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
		const struct limit *limit = &limits[i];
		const char *found = NULL;
		struct cgroup cgroup;

		if (find_cgroup(lines.items, &mounts, limit->controller,
				&cgroup))
			found = find_limit(&cgroup, limit);
		value_add(values, arena_printf("%s=", limit->controller),
			  found ? found : "unknown");
		verdict = judge_limit(limit, found, verdict);
	}
	return verdict;
}
