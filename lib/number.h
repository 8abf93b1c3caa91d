/* Numbers and times, read strictly: the whole text, or not at all. */
#ifndef RIND_LIB_NUMBER_H
#define RIND_LIB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads a decimal number: digits alone, no sign, no blank, at most MAX. Returns
 * 0, or -1 with *NUMBER untouched. strtoul(3) would take "-1", " 7" and "0day".
 */
int number_read(const char *text, unsigned long max, unsigned long *number);

/* The same with an optional leading minus, between MIN and MAX. */
int number_read_signed(const char *text, long min, long max, long *number);

/* Octal digits alone, at most MAX. */
int number_read_octal(const char *text, unsigned long max,
		      unsigned long *number);

/* Whether TEXT is digits alone, at least one, whatever their value. */
bool number_is_digits(const char *text);

/*
 * TIME: a number, with a fraction if need be, and "ms", "s" (the default), "m"
 * or "h"; or such numbers joined, the longest unit first ("1h30m"). Fills *MS
 * with milliseconds. Returns 0, or -1 where the text is no time, or one of more
 * than 10^12 seconds.
 */
int time_read(const char *text, int64_t *ms);

#endif
