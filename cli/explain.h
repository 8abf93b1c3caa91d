/* --explain. */
#ifndef RIND_CLI_EXPLAIN_H
#define RIND_CLI_EXPLAIN_H

#include "plan.h"

/*
 * Prints to stdout what PLAN would do, step by step, in order: each step with
 * the reason for its place, the values in force and where these come from.
 * Returns 0, or -1 if stdout cannot be written.
 */
int print_explanation(const struct plan *plan);

#endif
