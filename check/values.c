/* What a row of --check shows. */
#include "check/values.h"

#include <stdint.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/text.h"
#include "sys/capset.h"

/* How many characters an escaped byte takes at most: "\x1b". */
enum {
	ESCAPE_MAX = 4
};

void value_add(struct values *values, const char *prefix, const char *value)
{
	const char *before = prefix ? prefix : "";
	size_t size = strlen(before) + ESCAPE_MAX * (strlen(value) + 1);
	char *data = arena_alloc(size);
	struct text text = text_in(data, size);

	text_add(&text, before);
	text_add_escaped(&text, value, SIZE_MAX);
	list_add(&values->list, data);
}

void value_add_number(struct values *values, const char *prefix,
		      uint64_t number)
{
	value_add(values, prefix,
		  arena_printf("%llu", (unsigned long long)number));
}

void values_add_capabilities(struct values *values, uint64_t set)
{
	uint64_t known = capset_known();
	char name[32];

	if ((set & known) == known) {
		value_add(values, NULL, "all");
		return;
	}
	for (int cap = 0; cap < 64; cap++)
		if (set & capset_bit(cap))
			value_add(values, NULL,
				  capset_name(cap, name, sizeof(name)));
}

void values_join(struct text *text, const struct values *values,
		 enum verdict verdict)
{
	if (!values->list.length)
		text_add(text, verdict == VERDICT_UNKNOWN ? "unknown" : "none");
	for (size_t i = 0; i < values->list.length; i++) {
		if (i)
			text_add(text, ", ");
		text_add(text, values->list.items[i]);
	}
}
