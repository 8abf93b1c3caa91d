/* --help and --version, printed from the tables that the parser reads. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/packed.h"
#include "base/words.h"
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

/* By enum option_group. */
static const char headings[] = "Identity and privilege\0Namespaces\0"
			       "File system\0The process\0Supervision\0"
			       "Looking";

static void add_option(struct text *text, const struct option *option)
{
	size_t start = text->length;
	const char *value = word_at(option->name, OPTION_VALUE);
	char letter[] = { '-', option->letter, ',', ' ', '\0' };

	text_form(text, "  %--%", option->letter ? letter : "", option->name,
		  NULL);
	text_form(text, *value && *value != '[' ? "=%" : "%", value, NULL,
		  NULL);
	do {
		text_add(text, " ");
	} while (text->length - start < HELP_COLUMN);
	text_add_packed(text, word_at(option->name, OPTION_HELP));
	text_add(text, "\n");
}

static void add_group(struct text *text, enum option_group group)
{
	text_form(text, "%:\n", word_at(headings, group), NULL, NULL);
	for (const struct facility *const *f = facilities; *f; f++)
		for (unsigned int i = 0; i < (*f)->count; i++)
			if ((*f)->group == group)
				add_option(text, (*f)->options + i);
}

int print_help(void)
{
	char buffer[8192];
	struct text text = text_in(buffer, sizeof(buffer));

	text_add_packed(
		&text,
		TEXT("rind [OPTION]... [--] COMMAND [ARG]...\n"
		     "The init of a container: drops privilege, starts COMMAND, "
		     "forwards signals,\nreaps orphans, stops in order. A TIME "
		     "takes ms, s* or m; * marks defaults.\n"));
	for (int group = 0; group < GROUPS; group++)
		add_group(&text, (enum option_group)group);
	text_add_packed(
		&text,
		TEXT("Exit code: the app's own, 128+N for signal N; 125 rind, 126 "
		     "not runnable,\n127 not found. Manual: rind(8).\n"));
	return print(buffer, text.length);
}

int print_version(void)
{
	static const char version[] = "rind " RIND_VERSION "\n";

	return print(version, sizeof(version) - 1);
}
