/* Lists that grow. */
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void list_add(struct list *list, const char *item)
{
	/* Grows at 1, 2, 4, 8 … items: room is the next power of two. */
	if (!(list->length & (list->length - 1)) || !list->items) {
		size_t room = list->length ? list->length * 2 : 1;

		list->items = reallocarray(list->items, room + 1,
					   sizeof(*list->items));
	}
	list->items[list->length++] = (char *)item;
	list->items[list->length] = NULL;
}

void list_add_number(struct list *list, long long number)
{
	char digits[24];
	struct text text = text_in(digits, sizeof(digits));

	text_add_number(&text, number);
	list_add(list, strdup(digits));
}

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char kept = *a;

		*a++ = *b;
		*b++ = kept;
	}
}

void sort(void *items, size_t count, size_t size,
	  int compare(const void *, const void *))
{
	char *first = items;
	size_t gap = 1;

	while (gap < count / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3)
		for (size_t i = gap; i < count; i++)
			for (size_t at = i;
			     at >= gap && compare(first + (at - gap) * size,
						  first + at * size) > 0;
			     at -= gap)
				swap(first + (at - gap) * size,
				     first + at * size, size);
}
