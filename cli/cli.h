/* From argv to the plan, and what rind answers by itself. */
#ifndef RIND_CLI_H
#define RIND_CLI_H

#include <stddef.h>

#include "base/error.h"
#include "plan.h"

/*
 * Reads the command line into *PLAN (all zero before). Makes no system call
 * that changes anything. Returns 0; 1 more than the exit code where rind has
 * answered the line itself (--check, --help, …); -1 with *ERROR.
 */
int cli_read(int argc, char **argv, struct plan *plan, struct error *error);

/* Writes all of it to stdout; 0 or -1 with errno. */
int print(const char *string, size_t length);

/*
 * Prints what would be done, in order: each step with the values in force,
 * where they come from and why it stands there. Returns 0, or -1 where stdout
 * cannot be written.
 */
int explain(const struct plan *plan);

/* Each prints to stdout; returns 0, or -1 where that cannot be written. */
int print_help(void);
int print_version(void);
int print_license(void);

#endif
