/* What one line of --check shows. */
#include "check/values.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/text.h"

void value_add(struct values *values, const char *prefix, const char *value)
{
	/* An escaped byte takes at most four; text_in() wants at least four. */
	size_t size = (prefix ? strlen(prefix) : 0) + 4 * strlen(value) + 4;
	char *data = arena_alloc(size);
	struct text text = text_in(data, size);

	if (prefix)
		text_add(&text, prefix);
	text_add_escaped(&text, value, SIZE_MAX);
	list_add(&values->list, data);
}

void value_add_number(struct values *values, const char *prefix,
		      uint64_t number)
{
	char digits[24];
	struct text text = text_in(digits, sizeof(digits));

	text_addf(&text, "%llu", (unsigned long long)number);
	value_add(values, prefix, digits);
}

void values_join(struct text *text, const struct values *values,
		 enum verdict verdict)
{
	if (!values->list.length)
		text_add(text, verdict == UNKNOWN ? "unknown" : "none");
	for (size_t i = 0; i < values->list.length; i++) {
		if (i)
			text_add(text, ", ");
		text_add(text, values->list.items[i]);
	}
}
