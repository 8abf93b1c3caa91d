/* --help and --version, printed from the tables that the parser reads. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "setup/setup.h"

enum {
	HELP_COLUMN = 28
};

int print(const char *string, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, string, length);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			string += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

static const char *const headings[GROUPS] = {
	[GROUP_PRIVILEGE] = "Identity and privilege",
	[GROUP_NAMESPACES] = "Namespaces",
	[GROUP_FILE_SYSTEM] = "File system",
	[GROUP_PROCESS] = "The process",
	[GROUP_SUPERVISION] = "Supervision",
	[GROUP_LOOKING] = "Looking",
};

static void add_option(struct text *text, const struct option *option)
{
	size_t start = text->length;
	char letter[] = { '-', option->letter, ',', ' ', '\0' };

	text_add(text, "  ");
	if (option->letter)
		text_add(text, letter);
	text_add(text, "--");
	text_add(text, option->name);
	if (option->value) {
		text_add(text, *option->value == '[' ? "" : "=");
		text_add(text, option->value);
	}
	do {
		text_add(text, " ");
	} while (text->length - start < HELP_COLUMN);
	text_add(text, option->help);
	text_add(text, "\n");
}

static void add_group(struct text *text, enum option_group group)
{
	text_add(text, headings[group]);
	text_add(text, ":\n");
	for (const struct facility *const *f = facilities; *f; f++)
		for (const struct option *o = (*f)->options; o->name; o++)
			if ((*f)->group == group)
				add_option(text, o);
}

int print_help(void)
{
	char buffer[8192];
	struct text text = text_in(buffer, sizeof(buffer));

	text_add(&text,
		 "rind [OPTION]... [--] COMMAND [ARG]...\n"
		 "The init of a container: drops privilege, starts COMMAND, "
		 "forwards signals,\nreaps orphans, stops in order. A TIME "
		 "takes ms, s* or m; * marks defaults.\n");
	for (int group = 0; group < GROUPS; group++)
		add_group(&text, (enum option_group)group);
	text_add(&text,
		 "Exit code: the app's own, 128+N for signal N; 125 rind, 126 "
		 "not runnable,\n127 not found. Manual: rind(8).\n");
	return print(buffer, text.length);
}

int print_version(void)
{
	static const char version[] = "rind " RIND_VERSION "\n";

	return print(version, sizeof(version) - 1);
}
