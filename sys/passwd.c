/* /etc/passwd and /etc/group of the image, read by their own format. */
#include "sys/passwd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/resolve.h"

#define PASSWD "/etc/passwd"
#define GROUP "/etc/group"

enum {
	PASSWD_FIELDS = 7,
	PASSWD_NEEDED = 6,
	GROUP_FIELDS = 4
};

/*
 * Splits LINE in place at its colons, into MOST fields or fewer; returns their
 * number. A line that has more than it should is two that became one.
 */
static int split_fields(char *line, char *fields[], int most)
{
	int count = 0;

	do {
		fields[count++] = line;
		line = strchr(line, ':');
		if (line && count < most)
			*line++ = '\0';
	} while (line && count < most);
	return count;
}

/* file_read() of a path inside ROOT, unless that is -1. */
static int read_inside(int root, const char *path, struct file *file)
{
	char name[40];
	struct text text = text_in(name, sizeof(name));
	int fd;
	int result;
	int number;

	*file = (struct file){ 0 };
	if (root < 0)
		return file_read(path, file);
	fd = resolve_in_root(root, path);
	if (fd < 0)
		return -1;
	text_addf(&text, "/proc/self/fd/%d", fd);
	result = file_read(name, file);
	number = errno;
	close(fd);
	errno = number;
	return result;
}

/* Opens PATH; 1: read, 0: not there, -1: there and not readable. */
static int open_table(int root, const char *path, struct file *file,
		      struct error *error)
{
	if (!read_inside(root, path, file))
		return 1;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	return error_set(error, "user", path, file_reason(errno), NULL);
}

static int broken_line(const char *path, const char *name, struct error *error)
{
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_add(&text, path);
	text_add(&text, ": ");
	text_add(&text, name);
	return error_set(error, "user", object, "the line is broken",
			 "the file may be half written");
}

static int read_id(const char *text, unsigned int *id)
{
	unsigned long number;

	if (number_read(text, ID_MAX, &number))
		return -1;
	*id = (unsigned int)number;
	return 0;
}

/*
 * A line that ends before its home, or in it (the file's last, with no newline
 * and no shell behind), was cut off: its numbers may be the first digits of
 * others. A missing last field with a newline is how some tools write it. A
 * user without a name would be a member of each group without members.
 */
static int read_passwd_line(char *fields[], int count, int terminated,
			    struct passwd_entry *entry)
{
	if (!*fields[0] || count < PASSWD_NEEDED ||
	    (count < PASSWD_FIELDS && !terminated) ||
	    read_id(fields[2], &entry->uid) || read_id(fields[3], &entry->gid))
		return -1;
	entry->name = arena_strdup(fields[0]);
	entry->home = arena_strdup(*fields[5] ? fields[5] : "/");
	entry->shell = count < PASSWD_FIELDS || !*fields[6]
			       ? "/bin/sh"
			       : arena_strdup(fields[6]);
	return 0;
}

/* Looks for NAME, or for UID where NAME is NULL. */
static int find_passwd(int root, const char *name, uid_t uid,
		       struct passwd_entry *entry, struct error *error)
{
	struct file file;
	int found = open_table(root, PASSWD, &file, error);
	char *rest = file.data;
	char *line;
	int terminated;

	if (found != 1)
		return found;
	found = 0;
	while (!found && (line = line_next(&rest, &terminated))) {
		char *fields[PASSWD_FIELDS];
		int count = split_fields(line, fields, PASSWD_FIELDS);
		unsigned int id;

		if (name ? strcmp(name, fields[0]) != 0
			 : count < 3 || read_id(fields[2], &id) || id != uid)
			continue;
		found = 1;
		if (read_passwd_line(fields, count, terminated, entry))
			found = broken_line(PASSWD, fields[0], error);
	}
	file_free(&file);
	return found;
}

int passwd_by_name(int root, const char *name, struct passwd_entry *entry,
		   struct error *error)
{
	return find_passwd(root, name, 0, entry, error);
}

int passwd_by_uid(int root, uid_t uid, struct passwd_entry *entry,
		  struct error *error)
{
	return find_passwd(root, NULL, uid, entry, error);
}

int group_by_name(const char *name, gid_t *gid, struct error *error)
{
	struct file file;
	int found = open_table(-1, GROUP, &file, error);
	char *rest = file.data;
	char *line;
	int terminated;

	if (found != 1)
		return found;
	found = 0;
	while (!found && (line = line_next(&rest, &terminated))) {
		char *fields[GROUP_FIELDS + 1];
		int count = split_fields(line, fields, GROUP_FIELDS + 1);

		if (strcmp(name, fields[0]))
			continue;
		found = 1;
		if (count != GROUP_FIELDS || read_id(fields[2], gid))
			found = broken_line(GROUP, name, error);
	}
	file_free(&file);
	return found;
}

int groups_append(gid_t gid, gid_t **groups, size_t *count, struct error *error)
{
	/* Grows at 1, 2, 4, 8 … entries. */
	if (!(*count & (*count - 1)) || !*groups) {
		size_t room = *count ? *count * 2 : 1;

		*groups = arena_grow(*groups, *count * sizeof(gid_t),
				     room * sizeof(gid_t));
	}
	if (*count >= GROUPS_MAX)
		return error_set(error, "user", "groups",
				 "more than the kernel's 65536", NULL);
	(*groups)[(*count)++] = gid;
	return 0;
}

static int is_member(const char *members, const char *user)
{
	size_t length = strlen(user);

	for (;;) {
		size_t member = strcspn(members, ",");

		if (member == length && !memcmp(members, user, length))
			return 1;
		if (!members[member])
			return 0;
		members += member + 1;
	}
}

int groups_of_user(const char *user, gid_t **groups, size_t *count,
		   struct error *error)
{
	struct file file;
	int result = open_table(-1, GROUP, &file, error);
	char *rest = file.data;
	char *line;
	int terminated;

	if (result != 1)
		return result;
	result = 0;
	while (!result && (line = line_next(&rest, &terminated))) {
		char *fields[GROUP_FIELDS + 1];
		gid_t gid;

		if (split_fields(line, fields, GROUP_FIELDS + 1) !=
			    GROUP_FIELDS ||
		    !is_member(fields[3], user))
			continue;
		result = read_id(fields[2], &gid)
				 ? broken_line(GROUP, fields[0], error)
				 : groups_append(gid, groups, count, error);
	}
	file_free(&file);
	return result;
}
