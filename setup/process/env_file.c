/* Files of environment variables, as docker run --env-file reads them. */
#include "setup/process/env_file.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "lib/file.h"
#include "lib/text.h"
#include "setup/process/variables.h"

static void cut_carriage_return(char *line)
{
	size_t length = strlen(line);

	if (length && line[length - 1] == '\r')
		line[length - 1] = '\0';
}

/* Returns NULL, or what is wrong with LINE. */
static const char *add_line(char *line, struct list *list)
{
	size_t length;

	line += strspn(line, " \t");
	cut_carriage_return(line);
	if (!*line || *line == '#')
		return NULL;
	length = variable_name_length(line);
	if (!length)
		return "a variable without a name";
	if (strcspn(line, " \t") < length)
		return "a blank in a variable's name";
	variables_add_or_inherit(list, line);
	return NULL;
}

static int refuse_line(const char *path, int number, const char *reason,
		       struct error *error)
{
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s:%d", path, number);
	return error_set(error, "environment", object, reason, NULL);
}

int env_file_add(const char *path, struct list *list, struct error *error)
{
	struct file file;
	char *rest;
	char *line;

	if (file_read(path, &file))
		return error_set(error, "environment", path, file_reason(errno),
				 errno == ENOENT ? "create it, or name a file "
						   "that exists"
						 : NULL);
	rest = file_text(&file);
	for (int number = 1; (line = line_next(&rest, NULL)); number++) {
		const char *reason = add_line(line, list);

		if (reason)
			return refuse_line(path, number, reason, error);
	}
	return 0;
}
