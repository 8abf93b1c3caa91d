/* The cgroup of a process and its limits (cgroups(7)), version 1 and 2. */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "check/mount_list.h"
#include "check/rows.h"
#include "lib/list.h"
#include "lib/text.h"

static const struct limit {
	char name[7];     /* of the controller */
	char file[2][22]; /* of version 1 and 2 */
	char unlimited[2][20];
	bool optional; /* for the verdict */
} limits[] = {
	{ "memory",
	  { "memory.limit_in_bytes", "memory.max" },
	  { "9223372036854771712", "max" },
	  false },
	{ "pids", { "pids.max", "pids.max" }, { "max", "max" }, false },
	{ "cpu", { "cpu.cfs_quota_us", "cpu.max" }, { "-1", "max" }, true },
};

enum {
	LIMITS = sizeof(limits) / sizeof(limits[0])
};

/* Where a controller's cgroup is: a directory, and how far up it goes. */
struct place {
	int version; /* index into the table's pairs */
	const char *path;
	const struct mount *mount;
};

/* Whether WORD is an item of LIST, which ends with END or the text. */
static bool has_item(const char *list, const char *word, char end)
{
	size_t length = strlen(word);

	for (;;) {
		if (!strncmp(list, word, length) &&
		    (!list[length] || list[length] == ',' ||
		     list[length] == end))
			return true;
		list += strcspn(list, ",:");
		if (*list++ != ',')
			return false;
	}
}

/* "HIERARCHY:CONTROLLER[,CONTROLLER]...:PATH"; version 2 is "0::PATH". */
static const char *find_cgroup_path(char *const *lines, const char *controller)
{
	for (; *lines; lines++) {
		const char *list = strchr(*lines, ':');
		const char *path = list ? strchr(list + 1, ':') : NULL;

		if (path && (*controller ? has_item(list + 1, controller, ':')
					 : path == list + 1))
			return path + 1;
	}
	return NULL;
}

static const struct mount *find_mount(const struct mounts *mounts,
				      const char *type, const char *controller)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (!strcmp(mounts->list[i].type, type) &&
		    (!*controller ||
		     has_item(mounts->list[i].options, controller, ',')))
			return &mounts->list[i];
	return NULL;
}

static bool find_cgroup(char *const *lines, const struct mounts *mounts,
			const char *controller, struct place *place)
{
	size_t root;

	place->version = 0;
	place->path = find_cgroup_path(lines, controller);
	place->mount = find_mount(mounts, "cgroup", controller);
	if (!place->path) {
		place->version = 1;
		place->path = find_cgroup_path(lines, "");
		place->mount = find_mount(mounts, "cgroup2", "");
	}
	if (!place->path || !place->mount)
		return false;
	/* What is mounted may be a part of the tree; the path is whole. */
	root = strlen(place->mount->root);
	if (root > 1 && strncmp(place->path, place->mount->root, root))
		return false;
	place->path += root > 1 ? root : 0;
	return !strstr(place->path, "/..");
}

/* Reads the limit in the cgroup PATH; "max" for none, NULL for no such file. */
static const char *read_limit(struct text path, const struct limit *limit,
			      int version)
{
	const char *unlimited = limit->unlimited[version];
	char *found;

	text_add(&path, "/");
	text_add(&path, limit->file[version]);
	found = read_at(AT_FDCWD, path.data);
	if (!found)
		return NULL;
	found[strcspn(found, "\n")] = '\0';
	return strncmp(found, unlimited, strlen(unlimited)) ? found : "max";
}

/* The nearest limit, from the process' cgroup up to where the mount begins. */
static const char *find_limit(const struct place *place,
			      const struct limit *limit)
{
	char path[PATH_MAX];
	struct text text = text_in(path, sizeof(path));
	size_t start = strlen(place->mount->point);
	const char *limited = NULL;

	text_add(&text, place->mount->point);
	text_add(&text, place->path);
	for (;;) {
		const char *found = read_limit(text, limit, place->version);

		if (found)
			limited = found;
		if (text.length <= start || (found && strcmp(found, "max")))
			return limited;
		do {
			text.length--;
		} while (text.length > start && path[text.length] != '/');
		path[text.length] = '\0';
	}
}

static bool split_lines(char *rest, struct list *lines)
{
	char *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			list_add(lines, line);
	return lines->length;
}

/* The path that limits memory speaks for all, which is so in version 2. */
static void add_cgroup_path(char *const *lines, struct values *values)
{
	const char *path = find_cgroup_path(lines, "memory");

	if (!path)
		path = find_cgroup_path(lines, "");
	if (path)
		value_add(values, "path=", path);
}

/*
 * The files are read through our own mounts, by the path that /proc translates
 * for us into our own cgroup namespace. Memory and pids are what a process can
 * take from all others; cpu is shared fairly without a limit.
 */
enum verdict look_cgroup(const struct process *p, int what,
			 struct values *values)
{
	struct process self = { 0 };
	struct error error;
	struct mounts mounts;
	struct list lines = { 0 };
	enum verdict verdict = GOOD;
	bool known;

	(void)what;
	if (p->proc < 0 || !split_lines(read_at(p->proc, "cgroup"), &lines) ||
	    process_open(&self, NULL, &error))
		return UNKNOWN;
	known = mounts_read(self.proc, &mounts);
	close(self.proc);
	close(self.root);
	if (!known)
		return UNKNOWN;
	add_cgroup_path(lines.items, values);
	for (int i = 0; i < LIMITS; i++) {
		struct place place;
		const char *limit = NULL;
		char name[16];
		struct text text = text_in(name, sizeof(name));

		if (find_cgroup(lines.items, &mounts, limits[i].name, &place))
			limit = find_limit(&place, &limits[i]);
		text_add(&text, limits[i].name);
		text_add(&text, "=");
		value_add(values, name, limit ? limit : "unknown");
		if (limits[i].optional)
			continue;
		if (!limit && verdict == GOOD)
			verdict = UNKNOWN;
		if (limit && !strcmp(limit, "max"))
			verdict = WEAK;
	}
	return verdict;
}
