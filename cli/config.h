/* --config: files of options. */
#ifndef RIND_CLI_CONFIG_H
#define RIND_CLI_CONFIG_H

#include "cli/parser.h"

/*
 * Reads the options in the file PATH, one a line, into PARSER's plan. Lists add
 * to those of the command line; of what can be set once the command line's
 * value counts, wherever on it --config stands. For root the file has to be
 * root's and writable by nobody else: whoever writes it chooses what root runs.
 * Returns 0, or -1 with the parser's error.
 */
int config_read(struct parser *parser, const char *path);

#endif
