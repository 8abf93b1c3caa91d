/* Lists that grow. */
#include "lib/list.h"

#include "lib/arena.h"

void list_add(struct list *list, const char *item)
{
	if (list->length == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 1;
		list->items = arena_grow(
			list->items, list->length * sizeof(*list->items),
			(list->capacity + 1) * sizeof(*list->items));
	}
	list->items[list->length++] = (char *)item;
	list->items[list->length] = NULL;
}

void list_add_number(struct list *list, long long number)
{
	list_add(list, arena_printf("%lld", number));
}
