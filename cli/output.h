/* Text on its way to stdout, a buffer at a time. */
#ifndef RIND_OUTPUT_H
#define RIND_OUTPUT_H

#include <stddef.h>

/* Begins with all zero. */
struct output {
	size_t length;
	int failed;
	char data[1024];
};
void output_add(struct output *output, const char *string);

/* Returns 0, or -1 where something could not be written. */
int output_end(struct output *output);

#endif
