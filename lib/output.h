/* Text on its way to stdout. */
#ifndef RIND_LIB_OUTPUT_H
#define RIND_LIB_OUTPUT_H

#include <stddef.h>

/* A buffer in front of stdout; begins with all zero. */
struct output {
	size_t length;
	int failed;
	char data[1024];
};

void output_add(struct output *output, const char *string);

/* As printf(3); one call adds at most 1 KiB. */
__attribute__((format(printf, 2, 3))) void output_addf(struct output *output,
						       const char *format, ...);

/*
 * Writes what is left. Returns 0, or -1 with errno where something could not be
 * written.
 */
int output_end(struct output *output);

/* Writes LENGTH bytes at once. Returns 0, or -1 with errno. */
int output_print(const char *data, size_t length);

#endif
