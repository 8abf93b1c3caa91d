/* What --license prints. */
#ifndef RIND_CLI_LICENCES_H
#define RIND_CLI_LICENCES_H

/* LICENSE and licenses/ as one string: the Makefile makes build/licences.c. */
extern const char licences[];

#endif
