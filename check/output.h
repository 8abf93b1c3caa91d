/* What --check prints. */
#ifndef RIND_CHECK_OUTPUT_H
#define RIND_CHECK_OUTPUT_H

#include "check/facts.h"
#include "check/values.h"
#include "lib/output.h"

/*
 * Both look at every row and print it to stdout; FAILED names the assertions
 * that do not hold. Return 0, or -1 where that cannot be written.
 */
const char *verdict_word(enum verdict verdict);
int table_print(const struct process *process);
int json_print(const struct process *process, const struct values *failed);

#endif
