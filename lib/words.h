/* Words: in lines, in lists with commas, and compared. */
#ifndef RIND_LIB_WORDS_H
#define RIND_LIB_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Cuts LINE, in place, at each character of SEPARATORS, and points WORDS at the
 * first COUNT words, none of which is empty. Returns how many there are, COUNT
 * at most.
 */
size_t words_split(char *line, const char *separators, const char **words,
		   size_t count);

/* Whether the LENGTH bytes at WORD are EXPECTED. */
bool word_is(const char *word, size_t length, const char *expected);

/* Whether WANTED is an item of LIST, whose items are separated by commas. */
bool word_is_in_list(const char *wanted, const char *list);

#endif
