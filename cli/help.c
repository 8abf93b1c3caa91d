/* --help, --version and --license. */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/option_tables.h"
#include "lib/output.h"
#include "lib/text.h"

enum {
	HELP_COLUMN = 28
};

/* LICENSE and licenses/, one behind the other: the Makefile writes it. */
extern const char licences[];

static const char *const headings[GROUPS] = {
	[GROUP_PRIVILEGE] = "Identity and privilege",
	[GROUP_NAMESPACES] = "Namespaces",
	[GROUP_FILE_SYSTEM] = "File system",
	[GROUP_PROCESS] = "The process",
	[GROUP_SUPERVISION] = "Supervision",
	[GROUP_INFORMATION] = "Looking",
};

/* "-v, --verbose", "--user=USER", "--check[=PID]". */
static void print_option(struct output *output, const struct option *option)
{
	char left[80];
	struct text text = text_in(left, sizeof(left));

	if (option->letter)
		text_addf(&text, "-%c, ", option->letter);
	text_addf(&text, "--%s", option->name);
	if (option->value_optional)
		text_addf(&text, "[=%s]", option->metavar);
	else if (option->metavar)
		text_addf(&text, "=%s", option->metavar);
	output_addf(output, "  %-*s %s\n", HELP_COLUMN - 3, left, option->help);
}

static void print_group(struct output *output, enum option_group group)
{
	const struct option_table *table;

	output_addf(output, "%s:\n", headings[group]);
	for (size_t i = 0; (table = option_table_at(i)); i++)
		for (size_t row = 0; row < table->count; row++)
			if (table->group == group)
				print_option(output, &table->options[row]);
}

int print_help(void)
{
	struct output output = { 0 };

	output_add(&output,
		   "rind [OPTION]... [--] COMMAND [ARG]...\n"
		   "The init of a container: drops privilege, starts COMMAND, "
		   "forwards signals,\nreaps orphans, stops in order. A TIME "
		   "takes ms, s* or m; * marks defaults.\n");
	for (int group = 0; group < GROUPS; group++)
		print_group(&output, (enum option_group)group);
	output_add(
		&output,
		"Exit code: the app's own, 128+N for signal N; 125 rind, 126 "
		"not runnable,\n127 not found. Manual: rind(8).\n");
	return output_end(&output);
}

int print_version(void)
{
	static const char version[] = "rind " RIND_VERSION "\n";

	return output_print(version, strlen(version));
}

int print_license(void)
{
	return output_print(licences, strlen(licences));
}
