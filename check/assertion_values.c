/*
 * How the values of assertions are read. Digits alone are always an id, as in
 * --user.
 */
#include <sched.h>
#include <string.h>

#include "check/assertion_kinds.h"
#include "lib/arena.h"
#include "lib/number.h"
#include "sys/capability_list.h"
#include "sys/capset.h"
#include "sys/ids.h"
#include "sys/namespace_kinds.h"
#include "sys/passwd.h"

static int refuse(const struct assertion *assertion, const char *reason,
		  struct error *error)
{
	return error_set(error, "check", assertion->text, reason,
			 arena_printf("write %s=%s", assertion->kind->name,
				      assertion->kind->value));
}

int read_fixed_word(struct assertion *assertion, const char *value,
		    struct error *error)
{
	if (strcmp(value, assertion->kind->value))
		return refuse(assertion, "no such value", error);
	return 0;
}

static int add_id(struct assertion *assertion, uint32_t id)
{
	assertion->ids[assertion->id_count++] = id;
	return 0;
}

static int add_number(struct assertion *assertion, const char *word,
		      struct error *error)
{
	uint32_t id;

	if (id_read(word, &id))
		return refuse(assertion, ID_REASON, error);
	return add_id(assertion, id);
}

int read_user(struct assertion *assertion, const char *value,
	      struct error *error)
{
	struct passwd_entry entry;
	enum lookup found;

	assertion->ids = arena_alloc(sizeof(*assertion->ids));
	if (number_is_digits(value))
		return add_number(assertion, value, error);
	found = passwd_by_name(-1, value, &entry, error);
	if (found == LOOKUP_NOT_FOUND)
		return refuse(assertion, "no such user in /etc/passwd", error);
	return found == LOOKUP_FAILED ? -1 : add_id(assertion, entry.uid);
}

static int add_group(struct assertion *assertion, const char *word,
		     struct error *error)
{
	gid_t gid;
	enum lookup found;

	if (number_is_digits(word))
		return add_number(assertion, word, error);
	found = group_by_name(-1, word, &gid, error);
	if (found == LOOKUP_NOT_FOUND)
		return refuse(assertion, "no such group in /etc/group", error);
	return found == LOOKUP_FAILED ? -1 : add_id(assertion, gid);
}

int read_group(struct assertion *assertion, const char *value,
	       struct error *error)
{
	assertion->ids = arena_alloc(sizeof(*assertion->ids));
	return add_group(assertion, value, error);
}

int read_groups(struct assertion *assertion, const char *value,
		struct error *error)
{
	char *rest = strcmp(value, "none") ? arena_strdup(value) : NULL;
	const char *word;

	/* There are no more of them than characters, and one. */
	assertion->ids = arena_alloc_array(strlen(value) + 1,
					   sizeof(*assertion->ids));
	while ((word = strsep(&rest, ",")))
		if (add_group(assertion, word, error))
			return -1;
	return 0;
}

int read_capabilities(struct assertion *assertion, const char *value,
		      struct error *error)
{
	struct capability_list list = { 0 };
	const char *reason = capability_list_add(&list, value);

	/* It has a cure of its own. */
	if (reason)
		return error_set(error, "check", assertion->text, reason, NULL);
	assertion->capabilities = list.all ? capset_known() : list.set;
	return 0;
}

/* The words of --unshare, and the kernel's "mnt". */
static unsigned int namespace_flags(const char *word)
{
	unsigned int flags = 0;

	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_kind *kind = &namespace_kinds[i];

		if (!strcmp(word, "all") || !strcmp(word, kind->name) ||
		    !strcmp(word, kind->proc_name))
			flags |= kind->flag;
	}
	return flags;
}

int read_namespaces(struct assertion *assertion, const char *value,
		    struct error *error)
{
	char *rest = arena_strdup(value);
	const char *word;

	while ((word = strsep(&rest, ","))) {
		unsigned int flags = namespace_flags(word);

		if (!flags)
			return refuse(assertion, "no such namespace", error);
		assertion->namespaces |= flags;
	}
	return 0;
}

int read_descriptors(struct assertion *assertion, const char *value,
		     struct error *error)
{
	assertion->standard_descriptors = !strcmp(value, "standard");
	if (!assertion->standard_descriptors &&
	    number_read(value, UINT32_MAX, &assertion->descriptors))
		return refuse(assertion, "neither a number nor \"standard\"",
			      error);
	return 0;
}
