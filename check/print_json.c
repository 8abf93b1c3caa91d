/* --check=json: the same rows, for machines (RFC 8259). */
#include "check/printing.h"
#include "check/rows.h"
#include "lib/output.h"

/*
 * value_add() has escaped control characters and bytes beyond ASCII: these two
 * are left.
 */
static void add_string(struct output *output, const char *string)
{
	output_add(output, "\"");
	for (; *string; string++) {
		char byte[] = { *string, '\0' };

		if (*string == '"' || *string == '\\')
			output_add(output, "\\");
		output_add(output, byte);
	}
	output_add(output, "\"");
}

static void add_list(struct output *output, const struct values *values)
{
	output_add(output, "[");
	for (size_t i = 0; i < values->list.length; i++) {
		if (i)
			output_add(output, ", ");
		add_string(output, values->list.items[i]);
	}
	output_add(output, "]");
}

static void add_row(struct output *output, enum row row,
		    const struct checked_process *process)
{
	struct values values = { 0 };
	enum verdict verdict = row_judge(row, process, &values);

	output_add(output, "\t\t");
	add_string(output, row_name(row));
	output_add(output, ": { \"verdict\": ");
	if (verdict == VERDICT_NONE)
		output_add(output, "null");
	else
		add_string(output, verdict_word(verdict));
	output_add(output, ", \"values\": ");
	if (verdict == VERDICT_UNKNOWN && !values.list.length)
		output_add(output, "null");
	else
		add_list(output, &values);
	output_add(output, row < ROWS - 1 ? " },\n" : " }\n");
}

int print_json(const struct checked_process *process,
	       const struct values *failed)
{
	struct output output = { 0 };

	output_add(&output, "{\n\t\"rows\": {\n");
	for (int row = 0; row < ROWS; row++)
		add_row(&output, (enum row)row, process);
	output_add(&output, "\t},\n\t\"failed\": ");
	add_list(&output, failed);
	output_add(&output, "\n}\n");
	return output_end(&output);
}
