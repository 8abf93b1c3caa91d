/* What one line of --check shows, and how good that is. */
#ifndef RIND_CHECK_VALUES_H
#define RIND_CHECK_VALUES_H

#include <stdint.h>

#include "lib/list.h"
#include "lib/text.h"

enum verdict {
	UNKNOWN, /* in part, where there are values all the same */
	NONE,    /* neither good nor bad */
	GOOD,
	WEAK, /* more than most programs need */
	BAD,  /* a way out, or one to root */
};

struct values {
	struct list list; /* escaped: see text_add_escaped() */
};

/* Adds one. PREFIX stands before it, unescaped, and may be NULL. */
void value_add(struct values *values, const char *prefix, const char *value);
void value_add_number(struct values *values, const char *prefix,
		      uint64_t number);

/* Adds all, with commas between them; "none", or "unknown". */
void values_join(struct text *text, const struct values *values,
		 enum verdict verdict);

#endif
