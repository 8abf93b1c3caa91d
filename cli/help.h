/* --help. */
#ifndef RIND_CLI_HELP_H
#define RIND_CLI_HELP_H

/* Prints to stdout. Returns 0, or -1 if stdout cannot be written. */
int print_help(void);

#endif
