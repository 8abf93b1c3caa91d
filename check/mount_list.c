/* The mounts of a process: which can be written to. */
#include "check/mount_list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "check/rows.h"
#include "lib/arena.h"
#include "lib/text.h"

static bool has_ro(const char *options)
{
	return !strncmp(options, "ro", 2) && strchr(",", options[2]);
}

/*
 * ID PARENT DEVICE ROOT POINT OPTIONS [TAG]... - TYPE SOURCE OPTIONS; SOURCE
 * may be empty.
 */
static bool read_line(char *line, struct mount *mount)
{
	char *tail = (char *)strstr(line, " - ");
	const char *at = line;
	char *word[6];

	if (!tail || !scan_number(&at, 10, &mount->id) ||
	    !scan_number(&at, 10, &mount->parent))
		return false;
	*tail = '\0';
	tail += 3;
	for (int i = 0; i < 6; i++)
		word[i] = strsep(&line, " ");
	mount->type = strsep(&tail, " ");
	strsep(&tail, " ");
	mount->options = tail;
	if (!word[5] || !tail)
		return false;
	mount->root = text_unescape(word[3]);
	mount->point = text_unescape(word[4]);
	mount->readonly = has_ro(word[5]) || has_ro(tail);
	return true;
}

bool mounts_read(int proc, struct mounts *mounts)
{
	char *rest = proc < 0 ? NULL : read_at(proc, "mountinfo");
	size_t lines = 0;
	char *line;

	*mounts = (struct mounts){ 0 };
	if (!rest)
		return false;
	for (const char *at = rest; (at = strchr(at, '\n')); at++)
		lines++;
	mounts->list = arena_alloc_array(lines + 1, sizeof(*mounts->list));
	while ((line = strsep(&rest, "\n")) && *line)
		if (!read_line(line, &mounts->list[mounts->count++]))
			return false;
	return true;
}

/*
 * devtmpfs is here for the nodes that are bound from it one by one, where mknod
 * is refused; all of it is the machine's own /dev.
 */
bool mount_is_storage(const struct mount *mount)
{
	static const char memory[][8] = { "tmpfs", "proc", "devpts", "mqueue" };

	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		if (!strcmp(mount->type, memory[i]))
			return false;
	return strcmp(mount->type, "devtmpfs") || !strcmp(mount->root, "/");
}

bool mount_is_writable(const struct mounts *mounts, const struct mount *mount)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *over = &mounts->list[i];

		if (over != mount && over->parent == mount->id &&
		    !strcmp(over->point, mount->point))
			return false;
	}
	return !mount->readonly;
}

enum verdict look_mounts(const struct process *p, int what,
			 struct values *values)
{
	struct mounts mounts;
	bool any = false;

	if (!mounts_read(p->proc, &mounts))
		return UNKNOWN;
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *mount = &mounts.list[i];

		if (mount_is_storage(mount) != (what == MOUNTS_STORAGE) ||
		    !mount_is_writable(&mounts, mount))
			continue;
		value_add(values, NULL, mount->point);
		any = true;
	}
	if (what == MOUNTS_MEMORY)
		return NONE;
	return any ? WEAK : GOOD;
}

enum verdict look_root(const struct process *p, int what, struct values *values)
{
	struct statfs system;
	bool readonly;

	(void)what;
	if (p->root < 0 || fstatfs(p->root, &system))
		return UNKNOWN;
	readonly = system.f_flags & ST_RDONLY;
	value_add(values, NULL, readonly ? "read-only" : "writable");
	return readonly ? GOOD : WEAK;
}
