/* Words in one string, each with a NUL behind it; and texts made by a form. */
#ifndef RIND_WORDS_H
#define RIND_WORDS_H

#include "base/text.h"

/* The word behind the first NUMBER of WORDS. */
const char *word_at(const char *words, unsigned int number);

/*
 * The place of WORD of LENGTH among WORDS, which an empty one ends; -1 where it
 * is none of them.
 */
int word_find(const char *words, const char *word, size_t length);

/* The same whatever the case of either. */
int word_find_in_any_case(const char *words, const char *word, size_t length);

/* Adds FORM, in which each "%" stands for the next of FIRST, SECOND, THIRD. */
void text_form(struct text *text, const char *form, const char *first,
	       const char *second, const char *third);

#endif
