/* What a process has open. */
#ifndef RIND_CHECK_DESCRIPTORS_H
#define RIND_CHECK_DESCRIPTORS_H

#include "check/facts.h"
#include "check/values.h"

struct descriptors {
	uint64_t count;
	bool beyond;    /* some other than 0, 1 and 2 */
	bool directory; /* one of those a way out of the root: a directory */
};

/*
 * Adds "N WHAT" to *VALUES for each, less those that this check has open
 * itself. Returns false where they cannot be known.
 */
bool descriptors_of(const struct process *process,
		    struct descriptors *descriptors, struct values *values);

#endif
