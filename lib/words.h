/* Lines cut into words. */
#ifndef RIND_LIB_WORDS_H
#define RIND_LIB_WORDS_H

#include <stddef.h>

/*
 * Cuts LINE, in place, at each character of SEPARATORS, and points WORDS at the
 * first COUNT words, none of which is empty. Returns how many there are, COUNT
 * at most.
 */
size_t words_split(char *line, const char *separators, const char **words,
		   size_t count);

#endif
