/* --help, from the tables of options. */
#include "cli/help.h"

#include <string.h>

#include "cli/option_tables.h"
#include "lib/output.h"
#include "lib/text.h"

enum {
	HELP_COLUMN = 26,
	HELP_WIDTH = 80 - HELP_COLUMN
};

static const char *const headings[GROUPS] = {
	[GROUP_PRIVILEGE] = "Identity and privilege",
	[GROUP_NAMESPACES] = "Namespaces",
	[GROUP_FILE_SYSTEM] = "File system",
	[GROUP_PROCESS] = "The process",
	[GROUP_SUPERVISION] = "Supervision",
	[GROUP_INFORMATION] = "Information and diagnostics",
};

/* How much of HELP fits on a line, up to a blank. */
static int line_length(const char *help)
{
	size_t length = strlen(help);

	if (length > HELP_WIDTH) {
		length = HELP_WIDTH;
		while (length && help[length] != ' ')
			length--;
	}
	return (int)length;
}

/* LEFT, and beside or below it HELP in lines that end at column 80. */
static void print_row(struct output *output, const char *left, const char *help)
{
	int length;

	if (strlen(left) >= HELP_COLUMN) {
		output_addf(output, "%s\n", left);
		left = "";
	}
	for (; *help; left = "") {
		length = line_length(help);
		output_addf(output, "%-*s%.*s\n", HELP_COLUMN, left, length,
			    help);
		help += length;
		if (*help == ' ')
			help++;
	}
}

/* "-v, --verbose", "--user=USER", "--check[=PID]". */
static void print_option(struct output *output, const struct option *option)
{
	char left[80];
	struct text text = text_in(left, sizeof(left));

	text_add(&text, "  ");
	if (option->letter)
		text_addf(&text, "-%c, ", option->letter);
	text_addf(&text, "--%s", option->name);
	if (option->value_optional)
		text_addf(&text, "[=%s]", option->metavar);
	else if (option->metavar)
		text_addf(&text, "=%s", option->metavar);
	print_row(output, left, option->help);
}

static void print_tables(struct output *output)
{
	const struct option_table *table;
	const char *heading = NULL;

	for (size_t i = 0; (table = option_table_at(i)); i++) {
		if (headings[table->group] != heading) {
			heading = headings[table->group];
			output_addf(output, "%s:\n", heading);
		}
		for (size_t row = 0; row < table->count; row++)
			print_option(output, &table->options[row]);
	}
}

int print_help(struct error *error)
{
	struct output output = { 0 };

	output_add(&output,
		   "rind [OPTION]... [--] COMMAND [ARG]...\n"
		   "The init of a container: drops privilege, starts COMMAND, "
		   "forwards signals,\nreaps orphans, stops in order. A TIME "
		   "takes ms, s*, m or h; * marks the default.\n"
		   "--OPTION=no turns a switch off, =none empties a list, "
		   "--?OPTION is left out\nwhere it cannot be.\n");
	print_tables(&output);
	output_add(&output,
		   "Exit status: the app's own, or 128+N after signal N; 125 "
		   "if rind fails, 126 if\nCOMMAND cannot be run, 127 if it "
		   "is not found. Manual: rind(8).\n");
	if (output_end(&output))
		return error_set(error, "options", "stdout",
				 "cannot be written", NULL);
	return 0;
}
