/* --help, --version and --license. */
#ifndef RIND_CLI_HELP_H
#define RIND_CLI_HELP_H

/* Each prints to stdout; returns 0, or -1 where that cannot be written. */
int print_help(void);
int print_version(void);
int print_license(void);

#endif
