/* --config: the options, a line each. */
#include "cli/config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/text.h"

enum {
	LINES_MAX = 1000
};

/* "name value" or "name = value"; the value is the rest, trimmed. */
static int read_line(struct parser *parser, char *line)
{
	char *name = line + strspn(line, " \t");
	size_t length = strcspn(name, " \t=");
	char *value = name + length + strspn(name + length, " \t");
	char *end = line + strlen(line);
	const char *given;
	const struct option *option = option_by_name(name, length);

	if (*value == '=')
		value += 1 + strspn(value + 1, " \t");
	while (end > value && strchr(" \t\r", end[-1]))
		*--end = '\0';
	name[length] = '\0';
	if (!option ||
	    (option->kind != OPTION_VALUE && option->kind != OPTION_SWITCH))
		return parser_fail(parser, name, NULL,
				   "not an option for a config file",
				   "as in --help, without the dashes");
	given = *value ? arena_strdup(value) : NULL;
	if (given && !option->metavar)
		return parser_fail(parser, name, given, "takes no value", NULL);
	if (!given && option->metavar)
		return parser_fail(parser, name, NULL, "needs a value", NULL);
	return parser_apply(parser, option, given);
}

static int read_lines(struct parser *parser, const char *path,
		      struct file *file)
{
	char where[300];
	char *rest = file->data;
	char *line;
	int terminated;

	for (int number = 1; (line = line_next(&rest, &terminated)); number++) {
		struct text text = text_in(where, sizeof(where));

		line += strspn(line, " \t");
		text_addf(&text, "%s:%d", path, number);
		parser->where = where;
		if (number > LINES_MAX)
			return error_set(parser->error, "config", where,
					 "too many lines", "at most 1000");
		if (*line && *line != '#' && *line != '\r' &&
		    read_line(parser, line))
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
				 file_reason(errno), NULL);
	if (!geteuid() && (file.mode & (S_IWGRP | S_IWOTH) || file.owner))
		return error_set(parser->error, "config", path,
				 "others than root can write it",
				 "chown root, chmod go-w");
	parser->plan->reading = ORIGIN_CONFIG;
	result = read_lines(parser, path, &file);
	parser->plan->reading = ORIGIN_COMMAND_LINE;
	file_free(&file);
	return result;
}
