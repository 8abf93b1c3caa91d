/* The options under "Information and diagnostics", --config among them. */
#ifndef RIND_CLI_INFORMATION_H
#define RIND_CLI_INFORMATION_H

#include "option.h"

extern const struct option_table information_option_table;

#endif
