/*
 * --check: assertions, and what the kernel tells of a process whose names,
 * mounts and cgroups others choose.
 */
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "check/mount_list.h"
#include "fuzz.h"
#include "lib/arena.h"

/* This very process and another one, as a table and as JSON. */
static void check_all(void)
{
	static const char *const forms[] = { NULL, "json", "7", "json,7" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char *none[] = { NULL };
		struct error error;

		clear_output();
		has_answered = true;
		if (check(forms[i], none, &error))
			wrong("--check fails: %s", error.line);
		check_output();
		if (!*output())
			wrong("--check tells nothing");
	}
}

/* The words behind --check. */
void run_assertion(const struct target *target, char *input, size_t size)
{
	struct list words = words_of(input, size);

	(void)target;
	add_file("/etc/passwd", "app:x:7:7::/:\n", 14);
	add_file("/etc/group", "app:x:7:\n", 9);
	process_file("status", "Uid:\t7\t7\t7\t7\n", 13);
	for (size_t i = 0; i < words.length; i++) {
		char *word[] = { words.items[i], NULL };
		struct error error;

		for (int own = 0; own < 2; own++) {
			int result;

			has_answered = true;
			result = check(own ? NULL : "7", word, &error);

			if (result < 0)
				check_error(&error);
			else if (result > 1)
				wrong("exit code %d", result);
		}
	}
}

/* As the kernel writes a path into mountinfo (mangle_path()). */
static char *mangled(const char *path)
{
	char *text = arena_alloc(4 * strlen(path) + 1);
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
	const char *text = arena_printf("36 35 98:0 %s %s rw,noatime master:1 "
					"- ext3 /dev/root rw,errors=continue\n",
					mangled(root), mangled(path));
	struct mounts mounts;

	process_file("mountinfo", text, strlen(text));
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
	struct list words = words_of(input, size);

	(void)target;
	process_file("mountinfo", input, size);
	check_all();
	/* Both begin with a slash. */
	if (words.length > 1 && *words.items[0] == '/' &&
	    *words.items[1] == '/')
		check_path(words.items[0], words.items[1]);
}

/* A file of a process in /proc for each part of the input. */
static void process_files(const char *const *names, char *input, size_t size)
{
	for (; *names; names++) {
		size_t length;
		const char *part = next_part(&input, &size, &length);

		process_file(*names, part, length);
	}
	check_all();
}

void run_status(const struct target *target, char *input, size_t size)
{
	static const char *const names[] = { "status",       "comm",
					     "attr/current", "uid_map",
					     "gid_map",      NULL };

	(void)target;
	process_files(names, input, size);
}

void run_cgroup(const struct target *target, char *input, size_t size)
{
	static const char *const names[] = { "cgroup", "mountinfo", NULL };

	(void)target;
	process_files(names, input, size);
}
