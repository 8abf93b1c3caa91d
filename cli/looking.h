/* The options that rind answers by itself. */
#ifndef RIND_LOOKING_H
#define RIND_LOOKING_H

#include "setup/setup.h"

/* What OPTION, one of the looking options without a reader, prints. */
int (*looking_answer(const struct option *option))(void);

#endif
