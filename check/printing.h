/* What --check prints on stdout. */
#ifndef RIND_CHECK_PRINTING_H
#define RIND_CHECK_PRINTING_H

#include "check/checked_process.h"
#include "check/values.h"

/* Prints all rows as a table. Returns 0, or -1 with errno (write(2)). */
int print_table(const struct checked_process *process);

/*
 * Prints all rows as a JSON object (RFC 8259), with the assertions that do not
 * hold, FAILED. Returns as print_table() does.
 */
int print_json(const struct checked_process *process,
	       const struct values *failed);

#endif
