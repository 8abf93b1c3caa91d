/* --config: files of options. */
#include "cli/config.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/option_tables.h"
#include "lib/arena.h"
#include "lib/file.h"
#include "lib/list.h"

enum {
	LINES_MAX = 1000
};

static const char blanks[] = " \t";

static char *skip_blanks(char *text)
{
	return text + strspn(text, blanks);
}

/*
 * Cuts LINE, "name value" or "name = value", into its two parts. *VALUE is
 * trimmed, and empty where there is none.
 */
static void split_line(char *line, char **name, char **value)
{
	char *end = line + strlen(line);
	char *name_end;

	while (end > line && strchr(" \t\r", end[-1]))
		*--end = '\0';
	*name = skip_blanks(line);
	name_end = *name + strcspn(*name, " \t=");
	*value = skip_blanks(name_end);
	if (**value == '=')
		*value = skip_blanks(*value + 1);
	*name_end = '\0';
}

/* An option with its value, "" for none. NAME is without the "?". */
static int apply_line(const struct parser *parser, const char *name,
		      const char *value)
{
	const struct option *option = option_by_name(name, strlen(name));

	if (!option ||
	    (option->kind != OPTION_VALUE && option->kind != OPTION_SWITCH))
		return parser_fail(parser, name, NULL,
				   "not an option for a config file",
				   "write a name as in --help, without the "
				   "dashes");
	if (!*value && option->metavar)
		return parser_fail(parser, name, NULL, "needs a value",
				   arena_printf("write %s %s", name,
						option->metavar));
	/* The file's memory does not live as long as the plan. */
	value = *value ? arena_strdup(value) : NULL;
	if (parser_check_switch(parser, name, option, value))
		return -1;
	return parser_apply(parser, option, value);
}

static int read_line(struct parser *parser, char *line)
{
	char *name;
	char *value;

	split_line(line, &name, &value);
	parser->soft = *name == '?';
	if (!apply_line(parser, name + parser->soft, value) ||
	    parser_left_out(parser))
		return 0;
	return -1;
}

static bool is_empty_or_comment(const char *line)
{
	line += strspn(line, blanks);
	return !*line || *line == '#' || *line == '\r';
}

static int read_lines(struct parser *parser, const char *path, char *rest)
{
	char *line;

	for (int number = 1; (line = line_next(&rest, NULL)); number++) {
		parser->where = arena_printf("%s:%d", path, number);
		if (number > LINES_MAX)
			return error_set(parser->error, "config", parser->where,
					 "too many lines",
					 "split the file after line 1000");
		if (!is_empty_or_comment(line) && read_line(parser, line))
			return -1;
	}
	parser->where = NULL;
	parser->soft = false;
	return 0;
}

/* Whoever can write to it could weaken the floor of an app that root starts. */
static int check_owner(const struct parser *parser, const char *path,
		       uid_t owner, mode_t mode)
{
	if (geteuid() || (!owner && !(mode & (S_IWGRP | S_IWOTH))))
		return 0;
	return error_set(parser->error, "config", path,
			 "writable by users other than root",
			 "run chown root and chmod go-w on it");
}

static int read_file(struct parser *parser, const char *path)
{
	struct file file;
	int result;

	if (file_read(path, &file))
		return error_set(parser->error, "config", path,
				 file_reason(errno),
				 errno == ENOENT ? "create it, or name a file "
						   "that exists"
						 : NULL);
	if (check_owner(parser, path, file.owner, file.mode))
		return -1;
	result = read_lines(parser, path, file_text(&file));
	parser->plan->reading++;
	file_free(&file);
	return result;
}

static bool is_config_name(const char *name)
{
	size_t length = strlen(name);

	return *name != '.' && length > strlen(".conf") &&
	       !strcmp(name + length - strlen(".conf"), ".conf");
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of its files, sorted. Returns 0, or -1 with errno. */
static int list_directory(DIR *directory, struct list *names)
{
	struct dirent *entry;

	for (;;) {
		errno = 0;
		entry = readdir(directory);
		if (!entry)
			break;
		if (is_config_name(entry->d_name))
			list_add(names, arena_strdup(entry->d_name));
	}
	if (errno)
		return -1;
	if (names->length)
		qsort(names->items, names->length, sizeof(*names->items),
		      compare_names);
	return 0;
}

static int read_directory(struct parser *parser, const char *path,
			  DIR *directory)
{
	struct list names = { 0 };
	struct stat status;

	if (fstat(dirfd(directory), &status))
		return error_errno(parser->error, "config", path, NULL);
	if (check_owner(parser, path, status.st_uid, status.st_mode))
		return -1;
	if (list_directory(directory, &names))
		return error_errno(parser->error, "config", path, NULL);
	for (size_t i = 0; i < names.length; i++)
		if (read_file(parser,
			      arena_printf("%s/%s", path, names.items[i])))
			return -1;
	return 0;
}

int config_read(struct parser *parser, const char *path)
{
	DIR *directory = opendir(path);
	int result;

	if (!directory)
		return read_file(parser, path);
	result = read_directory(parser, path, directory);
	closedir(directory);
	return result;
}
