/* The options that rind answers by itself. */
#ifndef RIND_LOOKING_H
#define RIND_LOOKING_H

#include "setup/setup.h"

/*
 * Answers OPTION, one of the looking options without a reader, with its VALUE
 * (or NULL) and the WORDS behind it. Returns the exit code, or -1 with *ERROR.
 */
int looking_answer(const struct option *option, const char *value, char **words,
		   struct error *error);

#endif
