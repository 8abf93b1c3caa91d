/* --check as a table: a row's name, its verdict, its values. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check/output.h"
#include "check/rows.h"

enum {
	VERDICT_COLUMN = 17,
	VALUE_COLUMN = 26,
	WIDTH = 80,       /* of a terminal that does not tell */
	WIDTH_LEAST = 50, /* below this a row is not broken up */
};

static const struct {
	char word[8];
	char colour[8]; /* ECMA-48, as console_codes(4) has them */
} verdicts[] = {
	[UNKNOWN] = { "unknown", "\033[36m" }, [NONE] = { "-", "" },
	[GOOD] = { "good", "\033[32m" },       [WEAK] = { "weak", "\033[33m" },
	[BAD] = { "bad", "\033[1;31m" },
};

const char *verdict_word(enum verdict verdict)
{
	return verdicts[verdict].word;
}

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

/* no-color.org: set to anything but the empty text. */
static void find_terminal(struct table *table)
{
	struct winsize size;
	const char *no_color = getenv("NO_COLOR");

	if (!isatty(STDOUT_FILENO))
		return;
	table->colour = !no_color || !*no_color;
	table->width = WIDTH;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		table->width = size.ws_col < WIDTH_LEAST ? 0 : size.ws_col;
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

static void add_row(struct table *table, enum row row,
		    const struct process *process)
{
	struct values values = { 0 };
	enum verdict verdict = row_look(row, process, &values);
	const char *word = verdicts[verdict].word;

	output_add(&table->output, row_name(row));
	add_spaces(&table->output, VERDICT_COLUMN - strlen(row_name(row)));
	if (table->colour)
		output_add(&table->output, verdicts[verdict].colour);
	output_add(&table->output, word);
	if (table->colour && verdict != NONE)
		output_add(&table->output, "\033[m");
	add_spaces(&table->output,
		   VALUE_COLUMN - VERDICT_COLUMN - strlen(word));
	if (values.list.length)
		add_values(table, &values);
	else
		output_add(&table->output,
			   verdict == UNKNOWN ? "unknown" : "none");
	output_add(&table->output, "\n");
}

int table_print(const struct process *process)
{
	struct table table = { 0 };

	find_terminal(&table);
	for (int row = 0; row < ROWS; row++)
		add_row(&table, (enum row)row, process);
	return output_end(&table.output);
}
