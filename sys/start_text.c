/* The text that a process was started with. */
#include "sys/start_text.h"

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* Pages that are erased whole are given back: they read as zeros. */
static void erase(char *text, size_t length)
{
	uintptr_t page = getauxval(AT_PAGESZ);
	uintptr_t start = (uintptr_t)text;
	uintptr_t end = start + length;
	uintptr_t first = (start + page - 1) & ~(page - 1);
	uintptr_t last = end & ~(page - 1);

	if (first >= last ||
	    madvise((void *)first, last - first, MADV_DONTNEED)) {
		memset(text, 0, length);
		return;
	}
	memset(text, 0, first - start);
	memset((void *)last, 0, end - last);
}

void start_text_erase_environment(void)
{
	char **last = environ;

	if (!environ || !*environ)
		return;
	/* The kernel has laid them out one behind the other. */
	while (last[1])
		last++;
	erase(*environ, (size_t)(*last - *environ) + strlen(*last));
}

void start_text_hide_value(char *variable)
{
	char *value = strchr(variable, '=');

	if (value)
		memset(value + 1, '*', strlen(value + 1));
}
