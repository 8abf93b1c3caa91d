/* --config: files of options. */
#include "cli/config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/option_tables.h"
#include "lib/arena.h"
#include "lib/file.h"

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

static int read_line(const struct parser *parser, char *line)
{
	const struct option *option;
	char *name;
	char *value;

	split_line(line, &name, &value);
	option = option_by_name(name, strlen(name));
	if (!option ||
	    (option->kind != OPTION_VALUE && option->kind != OPTION_SWITCH))
		return parser_fail(parser, name, NULL,
				   "not an option for a config file",
				   "write a name as in --help, without the "
				   "dashes");
	if (*value && !option->metavar)
		return parser_fail(parser, name, value, "takes no value",
				   arena_printf("write %s", name));
	if (!*value && option->metavar)
		return parser_fail(parser, name, NULL, "needs a value",
				   arena_printf("write %s %s", name,
						option->metavar));
	/* The file's memory does not live as long as the plan. */
	return parser_apply(parser, option,
			    *value ? arena_strdup(value) : NULL);
}

static bool is_empty_or_comment(const char *line)
{
	line += strspn(line, blanks);
	return !*line || *line == '#' || *line == '\r';
}

static int read_lines(struct parser *parser, const char *path,
		      struct file *file)
{
	char *rest = file->data;
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
	return 0;
}

int config_read(struct parser *parser, const char *path)
{
	struct file file;
	int result;

	if (file_read(path, &file))
		return error_set(parser->error, "config", path,
				 file_reason(errno),
				 errno == ENOENT ? "create it, or name a file "
						   "that exists"
						 : NULL);
	if (!geteuid() && (file.owner || file.mode & (S_IWGRP | S_IWOTH)))
		return error_set(parser->error, "config", path,
				 "writable by users other than root",
				 "run chown root and chmod go-w on it");
	parser->plan->reading = ORIGIN_CONFIG;
	result = read_lines(parser, path, &file);
	parser->plan->reading = ORIGIN_COMMAND_LINE;
	file_free(&file);
	return result;
}
