/* Lists that grow, and files that are read whole. */
#ifndef RIND_LIST_H
#define RIND_LIST_H

#include <stddef.h>

/* Borrowed strings in the order in which they came, with a NULL behind them. */
struct list {
	char **items; /* NULL while empty */
	size_t length;
};

/* Adds ITEM itself, not a copy; memory: base/memory.h. */
void list_add(struct list *list, const char *item);

/* The same with NUMBER in decimal, in memory of its own. */
void list_add_number(struct list *list, long long number);

/*
 * qsort(3) by comparison of neighbours ever closer (Shell's sort, about n^1.3):
 * a tenth of the C library's code for lists of some hundred items.
 */
void sort(void *items, size_t count, size_t size,
	  int compare(const void *, const void *));

#endif
