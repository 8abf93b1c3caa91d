/* What an assertion is: how its value is read, and when it holds. */
#ifndef RIND_CHECK_ASSERTION_KINDS_H
#define RIND_CHECK_ASSERTION_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/checked_process.h"
#include "lib/error.h"

struct assertion_kind;

/* An assertion as it was given, and what its value asks for. */
struct assertion {
	const char *text;
	const struct assertion_kind *kind;
	uint32_t *ids; /* of the arena: users or groups */
	size_t id_count;
	uint64_t capabilities;
	unsigned int namespaces; /* CLONE_NEW* */
	bool standard_descriptors;
	unsigned long descriptors; /* how many, unless they are standard */
};

/*
 * Reads VALUE into *ASSERTION, whose text and kind are there. Returns 0, or -1
 * with *ERROR.
 */
typedef int assertion_value_reader(struct assertion *assertion,
				   const char *value, struct error *error);

/* Whether ASSERTION holds for PROCESS. */
typedef bool assertion_rule(const struct assertion *assertion,
			    const struct checked_process *process);

struct assertion_kind {
	const char *name;
	const char *value;            /* as messages show it, or NULL */
	assertion_value_reader *read; /* NULL where it takes no value */
	assertion_rule *holds;
	uint32_t rows; /* those that it is about: a bit 1 << ROW_… each */
};

/* assertion_values.c. Ids are numbers, or names of the image's files. */
assertion_value_reader read_fixed_word, read_user, read_group, read_groups,
	read_capabilities, read_namespaces, read_descriptors;

/* assertion_rules.c */
assertion_rule rows_are_good;
assertion_rule no_uid_is_root, uids_match, gids_match, groups_match;
assertion_rule usable_capabilities_match, bounding_capabilities_match;
assertion_rule namespaces_are_own, namespaces_are_not_hosts;
assertion_rule descriptors_match;
assertion_rule is_pid1, is_not_pid1;

#endif
