/* All options, from the tables of the rooms that they are of. */
#ifndef RIND_CLI_OPTION_TABLES_H
#define RIND_CLI_OPTION_TABLES_H

#include "option.h"

enum {
	OPTIONS_MAX = 128
};

/* The tables by number, in the order of --help; NULL behind the last. */
const struct option_table *option_table_at(size_t number);

/* The options by place, counted over all tables; NULL behind the last. */
const struct option *option_at(size_t place);
size_t option_place(const struct option *option);

/* Finds by NAME of LENGTH, or by its short form. NULL where there is none. */
const struct option *option_by_name(const char *name, size_t length);
const struct option *option_by_letter(char letter);

#endif
