/* All options, from the tables of all rooms. */
#ifndef RIND_CLI_OPTION_TABLES_H
#define RIND_CLI_OPTION_TABLES_H

#include "option.h"

/* The tables and the options in the order of --help; NULL after the last. */
const struct option_table *option_table_at(size_t number);
const struct option *option_at(size_t number);

/* By NAME, of LENGTH bytes, or by short form; NULL if there is none. */
const struct option *option_by_name(const char *name, size_t length);
const struct option *option_by_letter(char letter);

#endif
