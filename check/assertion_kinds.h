/* The table of assertions; how a value is read, and when one holds. */
#ifndef RIND_CHECK_ASSERTION_KINDS_H
#define RIND_CHECK_ASSERTION_KINDS_H

#include "check/assertions.h"
#include "check/rows.h"

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
assertion_value_reader read_the_word, read_user, read_group, read_groups,
	read_capabilities, read_namespaces, read_descriptors;

/* assertion_rules.c */
assertion_rule rows_are_good;
assertion_rule no_uid_is_root, uids_are_the, gids_are_the, groups_are_the;
assertion_rule usable_capabilities_are_the, bounding_capabilities_are_the;
assertion_rule namespaces_are_own, namespaces_are_not_hosts;
assertion_rule descriptors_are_the;
assertion_rule is_pid1, is_not_pid1;

#endif
