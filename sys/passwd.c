/* /etc/passwd and /etc/group of the image, read by their own format. */
#include "sys/passwd.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/descriptor.h"
#include "lib/file.h"
#include "lib/text.h"
#include "sys/ids.h"
#include "sys/resolve.h"

#define PASSWD "/etc/passwd"
#define GROUP "/etc/group"

/* NAME:PASSWORD:UID:GID:GECOS:HOME:SHELL, passwd(5). */
enum {
	PASSWD_NAME = 0,
	PASSWD_UID = 2,
	PASSWD_GID = 3,
	PASSWD_HOME = 5,
	PASSWD_SHELL = 6,
	PASSWD_FIELDS = 7
};

/* NAME:PASSWORD:GID:MEMBERS, group(5). */
enum {
	GROUP_NAME = 0,
	GROUP_GID = 2,
	GROUP_MEMBERS = 3,
	GROUP_FIELDS = 4,
	/* A line with more than that is two lines that became one. */
	GROUP_FIELDS_READ = 5
};

/*
 * Splits LINE in place at its colons into at most MOST fields; the last of
 * those is the whole rest. Returns how many there are.
 */
static int split_fields(char *line, char *fields[], int most)
{
	int count = 0;

	while (line && count < most - 1)
		fields[count++] = strsep(&line, ":");
	if (line)
		fields[count++] = line;
	return count;
}

/* file_read() of a path inside ROOT; -1: of rind's own root. */
static int read_inside(int root, const char *path, struct file *file)
{
	char name[40];
	struct text text = text_in(name, sizeof(name));
	int fd;

	*file = (struct file){ 0 };
	if (root < 0)
		return file_read(path, file);
	fd = resolve_in_root(root, path);
	if (fd < 0)
		return -1;
	text_addf(&text, "/proc/self/fd/%d", fd);
	if (file_read(name, file))
		return close_keeping_errno(fd);
	close(fd);
	return 0;
}

/* LOOKUP_FOUND: *FILE is PATH, for file_free(). */
static enum lookup read_database(int root, const char *path, struct file *file,
				 struct error *error)
{
	if (!read_inside(root, path, file))
		return LOOKUP_FOUND;
	if (errno == ENOENT || errno == ENOTDIR)
		return LOOKUP_NOT_FOUND;
	error_set(error, "user", path, file_reason(errno), NULL);
	return LOOKUP_FAILED;
}

static void set_malformed(struct error *error, const char *path,
			  const char *name)
{
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s: %s", path, name);
	error_set(error, "user", object, "malformed line",
		  "repair it: the file may be half written");
}

/*
 * A line that was cut off must not become a user: its numbers may be the first
 * digits of others. So it has to reach its home; and the last line of a file,
 * if it has no newline, its shell. Some tools leave out the shell. A user
 * without a name would be a member of every group without members.
 */
static bool is_whole(char *const fields[], int count, bool terminated)
{
	if (!*fields[PASSWD_NAME])
		return false;
	return count == PASSWD_FIELDS || (count > PASSWD_HOME && terminated);
}

static int read_passwd_line(char *fields[], int count, bool terminated,
			    struct passwd_entry *entry)
{
	const char *home;
	const char *shell;

	if (!is_whole(fields, count, terminated) ||
	    id_read(fields[PASSWD_UID], &entry->uid) ||
	    id_read(fields[PASSWD_GID], &entry->gid))
		return -1;
	home = fields[PASSWD_HOME];
	shell = count > PASSWD_SHELL ? fields[PASSWD_SHELL] : "";
	entry->name = arena_strdup(fields[PASSWD_NAME]);
	entry->home = *home ? arena_strdup(home) : "/";
	entry->shell = *shell ? arena_strdup(shell) : "/bin/sh";
	return 0;
}

static bool has_uid(char *const fields[], int count, uid_t uid)
{
	unsigned int id;

	return count > PASSWD_UID && !id_read(fields[PASSWD_UID], &id) &&
	       id == uid;
}

/* Looks for NAME, or for UID where NAME is NULL. */
static enum lookup find_passwd(int root, const char *name, uid_t uid,
			       struct passwd_entry *entry, struct error *error)
{
	struct file file;
	enum lookup found = read_database(root, PASSWD, &file, error);
	char *rest = file.data;
	char *line;
	bool terminated;

	if (found != LOOKUP_FOUND)
		return found;
	found = LOOKUP_NOT_FOUND;
	while (found == LOOKUP_NOT_FOUND &&
	       (line = line_next(&rest, &terminated))) {
		char *fields[PASSWD_FIELDS];
		int count = split_fields(line, fields, PASSWD_FIELDS);

		if (name ? strcmp(name, fields[PASSWD_NAME]) != 0
			 : !has_uid(fields, count, uid))
			continue;
		found = LOOKUP_FOUND;
		if (read_passwd_line(fields, count, terminated, entry)) {
			set_malformed(error, PASSWD, fields[PASSWD_NAME]);
			found = LOOKUP_FAILED;
		}
	}
	file_free(&file);
	return found;
}

enum lookup passwd_by_name(int root, const char *name,
			   struct passwd_entry *entry, struct error *error)
{
	return find_passwd(root, name, 0, entry, error);
}

enum lookup passwd_by_uid(int root, uid_t uid, struct passwd_entry *entry,
			  struct error *error)
{
	return find_passwd(root, NULL, uid, entry, error);
}

enum lookup group_by_name(int root, const char *name, gid_t *gid,
			  struct error *error)
{
	struct file file;
	enum lookup found = read_database(root, GROUP, &file, error);
	char *rest = file.data;
	char *line;

	if (found != LOOKUP_FOUND)
		return found;
	found = LOOKUP_NOT_FOUND;
	while (found == LOOKUP_NOT_FOUND && (line = line_next(&rest, NULL))) {
		char *fields[GROUP_FIELDS_READ];
		int count = split_fields(line, fields, GROUP_FIELDS_READ);

		if (strcmp(name, fields[GROUP_NAME]))
			continue;
		found = LOOKUP_FOUND;
		if (count != GROUP_FIELDS || id_read(fields[GROUP_GID], gid)) {
			set_malformed(error, GROUP, name);
			found = LOOKUP_FAILED;
		}
	}
	file_free(&file);
	return found;
}

int groups_append(gid_t gid, gid_t **groups, size_t *count, struct error *error)
{
	/* The room doubles when it is full, at 1, 2, 4, 8 ... entries. */
	bool full = !*count || !(*count & (*count - 1));

	if (*count >= GROUPS_MAX)
		return error_set(error, "user", "groups",
				 "more than the kernel's 65536", NULL);
	if (full) {
		size_t room = *count ? *count * 2 : 1;

		*groups = arena_grow(*groups, *count * sizeof(**groups),
				     room * sizeof(**groups));
	}
	(*groups)[*count] = gid;
	(*count)++;
	return 0;
}

/* Whether MEMBERS, names between commas, has USER. Cuts MEMBERS up. */
static bool is_member(char *members, const char *user)
{
	const char *member;

	while ((member = strsep(&members, ",")))
		if (!strcmp(member, user))
			return true;
	return false;
}

/* Adds the group of one LINE if it lists USER. Returns 0, or -1. */
static int add_if_member(char *line, const char *user, gid_t **groups,
			 size_t *count, struct error *error)
{
	char *fields[GROUP_FIELDS_READ];
	gid_t gid;

	if (split_fields(line, fields, GROUP_FIELDS_READ) != GROUP_FIELDS ||
	    !is_member(fields[GROUP_MEMBERS], user))
		return 0;
	if (id_read(fields[GROUP_GID], &gid)) {
		set_malformed(error, GROUP, fields[GROUP_NAME]);
		return -1;
	}
	return groups_append(gid, groups, count, error);
}

int groups_of_user(const char *user, gid_t **groups, size_t *count,
		   struct error *error)
{
	struct file file;
	enum lookup found = read_database(-1, GROUP, &file, error);
	char *rest = file.data;
	char *line;
	int result = 0;

	if (found == LOOKUP_FAILED)
		return -1;
	if (found == LOOKUP_NOT_FOUND)
		return 0;
	while (!result && (line = line_next(&rest, NULL)))
		result = add_if_member(line, user, groups, count, error);
	file_free(&file);
	return result;
}
