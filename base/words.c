/* Words that stand in one string: a pointer for all of them. */
#include "base/words.h"

#include <string.h>
#include <strings.h>

const char *word_at(const char *words, unsigned int number)
{
	while (number--)
		words += strlen(words) + 1;
	return words;
}

typedef int compare_words(const char *, const char *, size_t);

static int find_word(const char *words, const char *word, size_t length,
		     compare_words *compare)
{
	for (int place = 0; *words; place++, words = word_at(words, 1))
		if (strlen(words) == length && !compare(words, word, length))
			return place;
	return -1;
}

int word_find(const char *words, const char *word, size_t length)
{
	return find_word(words, word, length, strncmp);
}

int word_find_in_any_case(const char *words, const char *word, size_t length)
{
	return find_word(words, word, length, strncasecmp);
}

void text_form(struct text *text, const char *form, const char *first,
	       const char *second, const char *third)
{
	const char *const values[] = { first, second, third };
	size_t used = 0;

	for (; *form; form++) {
		char plain[] = { *form, '\0' };

		text_add(text,
			 *form == '%' && used < 3 ? values[used++] : plain);
	}
}
