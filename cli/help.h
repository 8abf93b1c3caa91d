/* --help. */
#ifndef RIND_CLI_HELP_H
#define RIND_CLI_HELP_H

#include "lib/error.h"

/* Prints to stdout. Returns 0, or -1 with *ERROR if that cannot be written. */
int print_help(struct error *error);

#endif
