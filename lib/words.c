/* Words. */
#include "lib/words.h"

#include <string.h>

size_t words_split(char *line, const char *separators, const char **words,
		   size_t count)
{
	size_t found = 0;

	while (line && found < count) {
		const char *word = strsep(&line, separators);

		if (*word)
			words[found++] = word;
	}
	return found;
}

bool word_is(const char *word, size_t length, const char *expected)
{
	return strlen(expected) == length && !memcmp(word, expected, length);
}

bool word_is_in_list(const char *wanted, const char *list)
{
	const char *item = list;

	for (;;) {
		size_t length = strcspn(item, ",");

		if (word_is(item, length, wanted))
			return true;
		if (!item[length])
			return false;
		item += length + 1;
	}
}
