/* Lists that grow. */
#include "lib/list.h"

#include "lib/arena.h"

void list_add(struct list *list, const char *item)
{
	/* Grows at 1, 2, 4, 8 … items: room is the next power of two. */
	if (!(list->length & (list->length - 1)) || !list->items) {
		size_t room = list->length ? list->length * 2 : 1;

		list->items = arena_grow(list->items,
					 list->length * sizeof(*list->items),
					 (room + 1) * sizeof(*list->items));
	}
	list->items[list->length++] = (char *)item;
	list->items[list->length] = NULL;
}

void list_add_number(struct list *list, long long number)
{
	list_add(list, arena_printf("%lld", number));
}
