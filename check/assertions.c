/* What can be asserted about a process. */
#include "check/assertions.h"

#include <string.h>

#include "check/assertion_kinds.h"
#include "check/rows.h"
#include "check/values.h"
#include "lib/arena.h"
#include "lib/array.h"
#include "lib/text.h"
#include "lib/words.h"

#define ROW(row) (1U << ROW_##row)

_Static_assert(ROWS <= 32, "a bit for each row");

static const struct assertion_kind kinds[] = {
	{ "nonroot", NULL, NULL, no_uid_is_root, ROW(UIDS) },
	{ "user", "USER", read_user, uids_match, ROW(UIDS) },
	{ "group", "GROUP", read_group, gids_match, ROW(GIDS) },
	{ "groups", "none|G[,G]...", read_groups, groups_match, ROW(GROUPS) },
	{ "caps", "none|LIST", read_capabilities, usable_capabilities_match,
	  ROW(PERMITTED) | ROW(EFFECTIVE) | ROW(INHERITABLE) | ROW(AMBIENT) },
	{ "bounding", "none|LIST", read_capabilities,
	  bounding_capabilities_match, ROW(BOUNDING) },
	{ "securebits", "locked", read_fixed_word, rows_are_good,
	  ROW(SECUREBITS) },
	{ "no-new-privs", NULL, NULL, rows_are_good, ROW(NEW_PRIVS) },
	{ "seccomp", NULL, NULL, rows_are_good, ROW(SECCOMP) },
	{ "ns", "LIST", read_namespaces, namespaces_are_own, ROW(NAMESPACES) },
	{ "not-host", "LIST", read_namespaces, namespaces_are_not_hosts,
	  ROW(NAMESPACES) },
	{ "root", "read-only", read_fixed_word, rows_are_good, ROW(ROOT) },
	{ "mounts", "read-only", read_fixed_word, rows_are_good,
	  ROW(WRITABLE) },
	{ "masked", NULL, NULL, rows_are_good,
	  ROW(UNMASKED) | ROW(UNPROTECTED) },
	{ "fds", "N|standard", read_descriptors, descriptors_match,
	  ROW(DESCRIPTORS) },
	{ "pid1", NULL, NULL, is_pid1, ROW(PROCESS) },
	{ "not-pid1", NULL, NULL, is_not_pid1, ROW(PROCESS) },
	{ "not-dumpable", NULL, NULL, rows_are_good, ROW(DUMPABLE) },
	{ "no-tracer", NULL, NULL, rows_are_good, ROW(TRACER) },
};

static int refuse_unknown(const char *text, struct error *error)
{
	char buffer[400];
	struct text known = text_in(buffer, sizeof(buffer));

	text_add(&known, "write one of ");
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		text_addf(&known, "%s%s%s", i ? ", " : "", kinds[i].name,
			  kinds[i].value ? "=" : "");
	return error_set(error, "check", text, "no such assertion", buffer);
}

static const struct assertion_kind *find_kind(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (word_is(name, length, kinds[i].name))
			return &kinds[i];
	return NULL;
}

int assertion_read(const char *text, struct assertion *assertion,
		   struct error *error)
{
	size_t length = strcspn(text, "=");
	const char *value = text[length] ? text + length + 1 : NULL;
	const struct assertion_kind *kind = find_kind(text, length);

	if (!kind)
		return refuse_unknown(text, error);
	*assertion = (struct assertion){ .text = text, .kind = kind };
	if (!kind->value && value)
		return error_set(error, "check", text, "takes no value",
				 "leave the value out");
	if (!kind->value)
		return 0;
	if (!value)
		return error_set(error, "check", text, "needs a value",
				 arena_printf("write %s=%s", kind->name,
					      kind->value));
	return kind->read(assertion, value, error);
}

bool assertion_holds(const struct assertion *assertion,
		     const struct checked_process *process)
{
	return assertion->kind->holds(assertion, process);
}

void assertion_add_facts(const struct assertion *assertion,
			 const struct checked_process *process,
			 struct text *text)
{
	const char *separator = "";

	for (int row = 0; row < ROWS; row++) {
		struct values values = { 0 };
		enum verdict verdict;

		if (!(assertion->kind->rows & 1U << row))
			continue;
		verdict = row_judge((enum row)row, process, &values);
		text_addf(text, "%s%s ", separator, row_name((enum row)row));
		values_join(text, &values, verdict);
		separator = "; ";
	}
}
