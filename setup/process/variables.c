/* Environment variables as the kernel has them. */
#include "setup/process/variables.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/words.h"

size_t variable_name_length(const char *variable)
{
	return strcspn(variable, "=");
}

bool variable_is_named(const char *variable, const char *name)
{
	return word_is(variable, variable_name_length(variable), name);
}

const char *variable_value(const char *variable)
{
	return variable + variable_name_length(variable) + 1;
}

const char *variable_find(char *const *environment, const char *name)
{
	for (; *environment; environment++)
		if (variable_is_named(*environment, name) &&
		    strchr(*environment, '='))
			return variable_value(*environment);
	return NULL;
}

void variables_add(struct list *list, const char *name, const char *value)
{
	list_add(list, arena_printf("%s=%s", name, value));
}

/* The variable of that name with which rind was started, or NULL. */
static const char *find_own(const char *name)
{
	for (char **own = environ; own && *own; own++)
		if (variable_is_named(*own, name) && strchr(*own, '='))
			return *own;
	return NULL;
}

void variables_add_or_inherit(struct list *list, const char *variable)
{
	const char *own = strchr(variable, '=') ? NULL : find_own(variable);

	list_add(list, own ? own : variable);
}

struct entry {
	char *variable;
	size_t place; /* in the list */
};

/* By name, and by place among those of one name. */
static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;
	size_t length_a = variable_name_length(a->variable);
	size_t length_b = variable_name_length(b->variable);
	size_t shorter = length_a < length_b ? length_a : length_b;
	int difference = memcmp(a->variable, b->variable, shorter);

	if (difference)
		return difference;
	if (length_a != length_b)
		return length_a < length_b ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

static bool have_same_name(const char *a, const char *b)
{
	size_t length = variable_name_length(a);

	return length == variable_name_length(b) && !strncmp(a, b, length);
}

/* Sorting finds the names that come twice in time n log n. */
void variables_keep_last(struct list *list)
{
	size_t count = list->length;
	struct entry *entries = arena_alloc_array(count + 1, sizeof(*entries));

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){ list->items[i], i };
	qsort(entries, count, sizeof(*entries), compare_entries);
	list->length = 0;
	for (size_t i = 0; i < count; i++) {
		char *variable = entries[i].variable;
		bool last = i + 1 == count ||
			    !have_same_name(variable, entries[i + 1].variable);

		if (last && strchr(variable, '='))
			list->items[list->length++] = variable;
	}
	if (list->items)
		list->items[list->length] = NULL;
}
