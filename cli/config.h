/* --config: files of options. */
#ifndef RIND_CLI_CONFIG_H
#define RIND_CLI_CONFIG_H

#include "cli/parser.h"

/*
 * Reads the options in the file PATH, one a line, into PARSER's plan; of a
 * directory the files whose names end in ".conf", in the order of their bytes.
 * Each is a place of its own, counted on in the plan's READING. For root file
 * and directory have to be root's and writable by nobody else: whoever writes
 * one chooses what root runs. Returns 0, or -1 with the parser's error.
 */
int config_read(struct parser *parser, const char *path);

#endif
