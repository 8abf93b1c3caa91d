/* Text on its way to stdout. */
#include "cli/output.h"

#include "cli/cli.h"

static void flush(struct output *output)
{
	if (!output->failed)
		output->failed = print(output->data, output->length);
	output->length = 0;
}

void output_add(struct output *output, const char *string)
{
	for (; *string; string++) {
		if (output->length == sizeof(output->data))
			flush(output);
		output->data[output->length++] = *string;
	}
}

int output_end(struct output *output)
{
	flush(output);
	return output->failed;
}
