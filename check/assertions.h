/* What can be asserted about a process. */
#ifndef RIND_CHECK_ASSERTIONS_H
#define RIND_CHECK_ASSERTIONS_H

#include "check/facts.h"
#include "check/values.h"
#include "lib/error.h"

/* An assertion as it was asked for. */
struct asked {
	const char *text;
	const struct assertion *assertion;
	struct values wanted; /* ids or capabilities, as the rows show them */
	uint64_t number;      /* of descriptors, or a set of namespaces */
};

/* Reads TEXT, "NAME" or "NAME=VALUE"; returns 0, or -1 with *ERROR. */
int assertion_read(const char *text, struct asked *asked, struct error *error);

/* Whether it holds. What cannot be known does not. */
bool assertion_holds(const struct asked *asked, const struct process *process);

/* Adds what is the case instead, by the rows of the table. */
void assertion_tell(const struct asked *asked, const struct process *process,
		    struct text *text);

#endif
