/* --check: how confined a process is, shown or asserted. */
#ifndef RIND_CHECK_CHECK_H
#define RIND_CHECK_CHECK_H

#include "lib/error.h"

/*
 * HOW is what stands behind "--check=": "json", a process id, both with a comma
 * between them, or NULL for a table of this very process. ASSERTIONS ends with
 * NULL. Prints the table where there is no assertion, JSON where that was asked
 * for, and a line on stderr for each assertion that does not hold.
 *
 * Returns 0; 1 where an assertion does not hold; -1 with *ERROR, and nothing
 * printed, where an assertion is unknown or there is no such process.
 */
int check(const char *how, char **assertions, struct error *error);

#endif
