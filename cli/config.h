/* --config: files of options. */
#ifndef RIND_CLI_CONFIG_H
#define RIND_CLI_CONFIG_H

#include "cli/parser.h"

/*
 * Reads the options in the file PATH, a line each, into PARSER's plan. What a
 * file asks for is as if it stood on the command line, but where only one value
 * can be, the command line has it. Whoever can write the file chooses what
 * runs, so for root it must be root's alone. Returns 0, or -1 with the parser's
 * error.
 */
int config_read(struct parser *parser, const char *path);

#endif
