/* Lists that grow. */
#ifndef RIND_LIB_LIST_H
#define RIND_LIB_LIST_H

#include <stddef.h>

/* Borrowed strings in the order in which they came, with a NULL behind them. */
struct list {
	char **items; /* NULL while empty */
	size_t length;
	size_t capacity; /* items for which there is memory */
};

/* Adds ITEM itself, not a copy; memory: lib/arena.h. */
void list_add(struct list *list, const char *item);

/* The same with NUMBER in decimal, in memory of its own. */
void list_add_number(struct list *list, long long number);

#endif
