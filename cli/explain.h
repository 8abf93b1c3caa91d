/* --explain. */
#ifndef RIND_CLI_EXPLAIN_H
#define RIND_CLI_EXPLAIN_H

#include "plan.h"

/*
 * Prints what would be done, in order: each step with the values in force,
 * where they come from and why it stands there. Returns 0, or -1 where stdout
 * cannot be written.
 */
int print_explanation(const struct plan *plan);

#endif
