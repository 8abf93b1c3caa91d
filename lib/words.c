/* Lines cut into words. */
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
