/*
 * --check: assertions, and what the kernel tells of a process whose names,
 * mounts and cgroups others choose.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/assertions.h"
#include "check/mount_list.h"
#include "check/rows.h"
#include "cli/command_line.h"
#include "fuzz.h"

/* The words behind --check, which are read and not asked for. */
void run_assertion(const struct target *target, char *input, size_t size)
{
	struct list words = words_of(input, size);
	struct error error;

	(void)target;
	add_file("/etc/passwd", "app:x:7:7::/:\n", 14);
	add_file("/etc/group", "app:x:7:\n", 9);
	for (size_t i = 0; i < words.length; i++) {
		struct asked asked;

		if (assertion_read(words.items[i], &asked, &error))
			check_error(&error);
	}
}

static void check_values(const struct values *values, enum verdict verdict)
{
	if (verdict > BAD)
		wrong("verdict %d", (int)verdict);
	for (size_t i = 0; i < values->list.length; i++)
		check_printable("a value", values->list.items[i]);
}

/* As the kernel writes a path into mountinfo (mangle_path()). */
static char *mangled(const char *path)
{
	char *text = malloc(4 * strlen(path) + 1);
	char *to = text;

	for (; *path; path++)
		if (strchr(" \t\n\\", *path))
			to += sprintf(to, "\\%03o", (unsigned char)*path);
		else
			*to++ = *path;
	*to = '\0';
	return text;
}

/* A path goes into a line and comes back. */
static void check_path(const char *path, const char *root)
{
	size_t room = 4 * (strlen(path) + strlen(root)) + 100;
	char *text = malloc(room);
	int size = snprintf(text, room,
			    "36 35 98:0 %s %s rw,noatime master:1 - ext3 "
			    "/dev/root rw,errors=continue\n",
			    mangled(root), mangled(path));
	struct mounts mounts;

	process_file("mountinfo", text, (size_t)size);
	if (!mounts_read(process_directory(), &mounts) || mounts.count != 1)
		wrong("a line that the kernel writes is none");
	if (strcmp(mounts.list[0].point, path) ||
	    strcmp(mounts.list[0].root, root))
		wrong("a mount on %s (%s) is taken for %s (%s)", path, root,
		      mounts.list[0].point, mounts.list[0].root);
	if (mounts.list[0].id != 36 || mounts.list[0].parent != 35 ||
	    mounts.list[0].readonly || strcmp(mounts.list[0].type, "ext3"))
		wrong("another mount");
}

/* All of it as mountinfo; and the first two lines as paths in one. */
void run_mountinfo(const struct target *target, char *input, size_t size)
{
	struct process process = { .proc = process_directory(), .root = -1 };
	struct list words = words_of(input, size);

	(void)target;
	process_file("mountinfo", input, size);
	for (int what = MOUNTS_STORAGE; what <= MOUNTS_MEMORY; what++) {
		struct values values = { 0 };

		check_values(&values, look_mounts(&process, what, &values));
	}
	/* Both begin with a slash. */
	if (words.length > 1 && *words.items[0] == '/' &&
	    *words.items[1] == '/')
		check_path(words.items[0], words.items[1]);
}

/* The rows that are read off a process' files in /proc. */
void run_status(const struct target *target, char *input, size_t size)
{
	static const char names[] = "comm\0attr/current\0uid_map\0gid_map\0";
	struct process process = { .proc = process_directory(), .root = -1 };
	size_t length;

	(void)target;
	process.status = next_part(&input, &size, &length);
	process_file("status", process.status, length);
	for (const char *name = names; *name; name += strlen(name) + 1) {
		const char *part = next_part(&input, &size, &length);

		process_file(name, part, length);
	}
	for (int own = 0; own < 2; own++) {
		process.own = own;
		for (int row = 0; row < ROWS; row++) {
			struct values values = { 0 };
			enum verdict verdict;

			if (row == ROW_NAMESPACES || row == ROW_ROOT ||
			    row == ROW_DESCRIPTORS || row == ROW_CGROUP)
				continue;
			verdict = row_look((enum row)row, &process, &values);
			check_values(&values, verdict);
		}
	}
}

/* A process' cgroup, and mountinfo of our own. */
void run_cgroup(const struct target *target, char *input, size_t size)
{
	struct process process = { .proc = process_directory(), .root = -1 };
	struct values values = { 0 };
	size_t length;
	const char *part = next_part(&input, &size, &length);

	(void)target;
	process_file("cgroup", part, length);
	process_file("mountinfo", input, size);
	check_values(&values, look_cgroup(&process, 0, &values));
}
