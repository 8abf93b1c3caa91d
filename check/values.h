/* What a row of --check shows. */
#ifndef RIND_CHECK_VALUES_H
#define RIND_CHECK_VALUES_H

#include <stdint.h>

#include "check/verdict.h"
#include "lib/list.h"
#include "lib/text.h"

/* Begins with all zero. */
struct values {
	struct list list; /* escaped: see text_add_escaped() */
};

/* Adds a copy of VALUE, escaped, behind PREFIX, which may be NULL. */
void value_add(struct values *values, const char *prefix, const char *value);
void value_add_number(struct values *values, const char *prefix,
		      uint64_t number);

/* Adds the names of the capabilities in SET, or "all". */
void values_add_capabilities(struct values *values, uint64_t set);

/*
 * Adds all of VALUES to TEXT, with commas between them; where there are none
 * "none", or "unknown" if that is the verdict.
 */
void values_join(struct text *text, const struct values *values,
		 enum verdict verdict);

#endif
