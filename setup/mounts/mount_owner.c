/*
 * The owner of a mount's root, by name: the kernel takes numbers, and the image
 * knows which number its user has.
 */
#include "setup/mounts/mount_owner.h"

#include <stdint.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/passwd.h"

enum {
	NUMBER_LENGTH = 10 /* of the largest id */
};

static enum lookup find_uid(int root, const char *name, uint32_t *id,
			    struct error *error)
{
	struct passwd_entry entry;
	enum lookup found = passwd_by_name(root, name, &entry, error);

	if (found == LOOKUP_FOUND)
		*id = entry.uid;
	return found;
}

static const struct {
	const char *key; /* with its "=" */
	enum lookup (*find)(int root, const char *name, uint32_t *id,
			    struct error *error);
	const char *not_found;
} owners[] = {
	{ "uid=", find_uid, "no such user in /etc/passwd" },
	{ "gid=", group_by_name, "no such group in /etc/group" },
};

/* Adds ITEM, "key=value" or "key". Returns 0 or -1. */
static int add_item(struct text *text, int root, const char *item,
		    struct error *error)
{
	text_add(text, text->length ? "," : "");
	for (size_t i = 0; i < ARRAY_LENGTH(owners); i++) {
		size_t length = strlen(owners[i].key);
		const char *name = item + length;
		enum lookup found;
		uint32_t id;

		if (strncmp(item, owners[i].key, length) ||
		    number_is_digits(name))
			continue;
		found = owners[i].find(root, name, &id, error);
		if (found == LOOKUP_NOT_FOUND)
			return error_set(error, "mounts", name,
					 owners[i].not_found,
					 "give its number, which needs no "
					 "entry");
		if (found == LOOKUP_FAILED)
			return -1;
		text_addf(text, "%s%u", owners[i].key, id);
		return 0;
	}
	text_add(text, item);
	return 0;
}

static size_t count_items(const char *data)
{
	size_t count = 1;

	for (; *data; data++)
		if (*data == ',')
			count++;
	return count;
}

const char *mount_data_by_number(int root, const char *data,
				 struct error *error)
{
	char *rest = arena_strdup(data);
	/* Each item may be a name that is shorter than its number. */
	size_t size = strlen(data) + count_items(data) * NUMBER_LENGTH +
		      sizeof("...");
	struct text text = text_in(arena_alloc(size), size);
	const char *item;

	while ((item = strsep(&rest, ",")))
		if (add_item(&text, root, item, error))
			return NULL;
	return text.data;
}
