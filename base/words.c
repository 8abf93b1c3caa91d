/* Words that stand in one string: a pointer for all of them. */
#include "base/words.h"

#include <string.h>

const char *word_at(const char *words, unsigned int number)
{
	while (number--)
		words += strlen(words) + 1;
	return words;
}

int word_find(const char *words, const char *word, size_t length)
{
	for (int place = 0; *words; place++, words = word_at(words, 1))
		if (strlen(words) == length && !memcmp(words, word, length))
			return place;
	return -1;
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
