/* --check as a table: a row's name, its verdict, its values. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check/printing.h"
#include "check/rows.h"
#include "lib/output.h"

enum {
	VERDICT_COLUMN = 17,
	VALUE_COLUMN = 26,
	WIDTH = 80,     /* of a terminal that does not tell its own */
	WIDTH_MIN = 50, /* a narrower one breaks the lines itself */
};

/* ECMA-48, as console_codes(4) has them. */
static const char *const colours[] = {
	[VERDICT_UNKNOWN] = "\033[36m", [VERDICT_NONE] = "",
	[VERDICT_GOOD] = "\033[32m",    [VERDICT_WEAK] = "\033[33m",
	[VERDICT_BAD] = "\033[1;31m",
};

struct table {
	struct output output;
	size_t width; /* 0: no terminal, a row is one line */
	bool colour;
};

static void add_spaces(struct output *output, size_t count)
{
	while (count--)
		output_add(output, " ");
}

/* NO_COLOR counts where it is not empty (no-color.org). */
static void find_terminal(struct table *table)
{
	struct winsize size;
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(STDOUT_FILENO))
		return;
	table->colour = !no_color || !*no_color;
	table->width = WIDTH;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		table->width = size.ws_col < WIDTH_MIN ? 0 : size.ws_col;
}

/* Breaks between two values where the next does not fit on the line. */
static void add_values(struct table *table, const struct values *values)
{
	size_t column = VALUE_COLUMN;

	for (size_t i = 0; i < values->list.length; i++) {
		const char *value = values->list.items[i];
		size_t length = strlen(value) + 1; /* the comma */

		if (i && table->width && column + 1 + length > table->width) {
			output_add(&table->output, ",\n");
			add_spaces(&table->output, VALUE_COLUMN);
			column = VALUE_COLUMN;
		} else if (i) {
			output_add(&table->output, ", ");
			column++;
		}
		output_add(&table->output, value);
		column += length;
	}
}

static void add_verdict(struct table *table, enum verdict verdict)
{
	const char *word = verdict_word(verdict);
	bool colour = table->colour && *colours[verdict];

	if (colour)
		output_add(&table->output, colours[verdict]);
	output_add(&table->output, word);
	if (colour)
		output_add(&table->output, "\033[m");
	add_spaces(&table->output,
		   VALUE_COLUMN - VERDICT_COLUMN - strlen(word));
}

static void add_row(struct table *table, enum row row,
		    const struct checked_process *process)
{
	const char *name = row_name(row);
	struct values values = { 0 };
	enum verdict verdict = row_judge(row, process, &values);

	output_add(&table->output, name);
	add_spaces(&table->output, VERDICT_COLUMN - strlen(name));
	add_verdict(table, verdict);
	if (values.list.length)
		add_values(table, &values);
	else
		output_add(&table->output,
			   verdict == VERDICT_UNKNOWN ? "unknown" : "none");
	output_add(&table->output, "\n");
}

int print_table(const struct checked_process *process)
{
	struct table table = { 0 };

	find_terminal(&table);
	for (int row = 0; row < ROWS; row++)
		add_row(&table, (enum row)row, process);
	return output_end(&table.output);
}
