/*
 * --config: the options, a line each. What a file asks for is as if it stood on
 * the command line, but where only one value can be, the command line has it.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/packed.h"
#include "base/words.h"
#include "cli/parser.h"

enum {
	CONFIG_LINES = 1000
};

/* "name value" or "name = value"; the value is the rest, trimmed. */
static int config_line(struct parser *parser, char *line)
{
	char *name = line + strspn(line, " \t");
	size_t length = strcspn(name, " \t=");
	char *value = name + length + strspn(name + length, " \t");
	char *end = line + strlen(line);
	const char *given;
	unsigned int place;
	const struct option *option = parser_find(name, length, '\0', &place);

	if (*value == '=')
		value += 1 + strspn(value + 1, " \t");
	while (end > value && strchr(" \t\r", end[-1]))
		*--end = '\0';
	name[length] = '\0';
	if (!option || !(option->read || option->flag))
		return parser_fail(parser, name, NULL,
				   TEXT("not an option for a config file"),
				   TEXT("as in --help, without the dashes"));
	given = *value ? strdup(value) : NULL;
	if (!parser_value(option) != !given)
		return parser_fail(parser, name, given,
				   given ? TEXT("takes no value")
					 : TEXT("needs a value"),
				   NULL);
	return parser_apply(parser, option, place, given);
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
		text_form(&text, "%:", path, NULL, NULL);
		text_add_number(&text, number);
		parser->where = where;
		if (number > CONFIG_LINES)
			return error_set(parser->error, "config", where,
					 TEXT("too many lines"),
					 TEXT("at most 1000"));
		if (*line && *line != '#' && *line != '\r' &&
		    config_line(parser, line))
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
				 TEXT("others than root can write it"),
				 TEXT("chown root, chmod go-w"));
	parser->plan->reading = ORIGIN_CONFIG;
	result = read_lines(parser, path, &file);
	parser->plan->reading = ORIGIN_COMMAND_LINE;
	file_free(&file);
	return result;
}
