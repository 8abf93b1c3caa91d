/* The mounts of a process. */
#include "check/mount_list.h"

#include <string.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/text.h"
#include "sys/kernel_text.h"

/* "ro" is the first option, if it is one. */
static bool is_readonly(const char *options)
{
	return !strcmp(options, "ro") || !strncmp(options, "ro,", 3);
}

/*
 * ID PARENT DEVICE ROOT POINT OPTIONS [TAG]... - TYPE SOURCE OPTIONS; SOURCE
 * may be empty.
 */
static bool parse_line(char *line, struct mount *mount)
{
	char *rest = strstr(line, " - ");
	const char *at = line;
	char *root;
	char *point;
	char *options;

	if (!rest || !kernel_text_number(&at, 10, &mount->id) ||
	    !kernel_text_number(&at, 10, &mount->parent))
		return false;
	*rest = '\0';
	rest += strlen(" - ");
	mount->type = strsep(&rest, " ");
	strsep(&rest, " ");
	mount->options = rest;
	for (int i = 0; i < 3; i++)
		strsep(&line, " ");
	root = strsep(&line, " ");
	point = strsep(&line, " ");
	options = strsep(&line, " ");
	if (!options || !mount->options)
		return false;
	mount->root = text_unescape(root);
	mount->point = text_unescape(point);
	mount->readonly = is_readonly(options) || is_readonly(mount->options);
	return true;
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

bool mounts_read(int proc, struct mounts *mounts)
{
	char *rest = proc < 0 ? NULL : kernel_text_read(proc, "mountinfo");
	char *line;

	*mounts = (struct mounts){ 0 };
	if (!rest)
		return false;
	/* One more: the last line may lack its newline. */
	mounts->list = arena_alloc_array(count_lines(rest) + 1,
					 sizeof(*mounts->list));
	while ((line = strsep(&rest, "\n")) && *line)
		if (!parse_line(line, &mounts->list[mounts->count++]))
			return false;
	return true;
}

/*
 * devtmpfs is here for the nodes that are bound from it one by one, where mknod
 * is refused; all of it is the machine's own /dev.
 */
bool mount_is_storage(const struct mount *mount)
{
	static const char *const memory[] = { "tmpfs", "proc", "devpts",
					      "mqueue" };

	for (size_t i = 0; i < ARRAY_LENGTH(memory); i++)
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
