/* The options that tell something: --check, --explain, --help, … */
#ifndef RIND_CLI_INFORMATION_H
#define RIND_CLI_INFORMATION_H

#include "option.h"

extern const struct option_table information_option_table;

#endif
