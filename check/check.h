/* --check: how confined a process is, shown or asserted. */
#ifndef RIND_CHECK_CHECK_H
#define RIND_CHECK_CHECK_H

#include "lib/error.h"

/*
 * VALUE is what stands behind "--check=": "json", a process id, both with a
 * comma between them, or NULL for a table of rind itself. ASSERTIONS ends with
 * NULL. Prints the table where there is no assertion, JSON where that was asked
 * for, and a line on stderr for each assertion that does not hold.
 *
 * Returns rind's exit code: 0, or 1 where an assertion does not hold. Returns
 * -1 with *ERROR where an assertion is unknown or there is no such process, and
 * then prints nothing; or where stdout cannot be written.
 */
int check(const char *value, char **assertions, struct error *error);

#endif
