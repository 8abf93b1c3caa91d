/* What can be asserted about a process: "nonroot", "caps=none". */
#ifndef RIND_CHECK_ASSERTIONS_H
#define RIND_CHECK_ASSERTIONS_H

#include <stdbool.h>

#include "check/assertion_kinds.h"
#include "check/checked_process.h"
#include "lib/error.h"
#include "lib/text.h"

/*
 * Reads TEXT, "NAME" or "NAME=VALUE", which has to stay. Returns 0, or -1 with
 * *ERROR where there is no such assertion, or VALUE is none of its values.
 */
int assertion_read(const char *text, struct assertion *assertion,
		   struct error *error);

/* Whether it holds. What cannot be known does not. */
bool assertion_holds(const struct assertion *assertion,
		     const struct checked_process *process);

/* Adds what is the case, "uids 0", by the rows that the assertion is about. */
void assertion_add_facts(const struct assertion *assertion,
			 const struct checked_process *process,
			 struct text *text);

#endif
