/* Text on its way to stdout. */
#include "lib/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

int output_print(const char *data, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, data, length);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			data += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

static void flush(struct output *output)
{
	if (!output->failed)
		output->failed = output_print(output->data, output->length);
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

void output_addf(struct output *output, const char *format, ...)
{
	char line[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	output_add(output, line);
}

int output_end(struct output *output)
{
	flush(output);
	return output->failed;
}
