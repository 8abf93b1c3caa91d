/* Text that the kernel writes. */
#include "sys/kernel_text.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/descriptor.h"

enum {
	FIRST_SIZE = 4096
};

/* Such a file says 0 for its size: it is known only at its end. */
static char *read_to_end(int fd)
{
	size_t size = FIRST_SIZE;
	size_t length = 0;
	char *text = arena_alloc(size);
	ssize_t got;

	while ((got = read(fd, text + length, size - 1 - length)) > 0) {
		length += (size_t)got;
		if (length == size - 1) {
			text = arena_grow(text, size, 2 * size);
			size *= 2;
		}
	}
	text[length] = '\0';
	return got < 0 ? NULL : text;
}

char *kernel_text_read(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text;

	if (fd < 0)
		return NULL;
	text = read_to_end(fd);
	close_keeping_errno(fd);
	return text;
}

/* The value of DIGIT in BASE; -1 where it is none. */
static int digit_value(char digit, unsigned int base)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (base == 16 && digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return -1;
}

bool kernel_text_number(const char **at, unsigned int base, uint64_t *number)
{
	const char *first = *at + strspn(*at, " \t");
	const char *end = first;
	uint64_t value = 0;
	int digit;

	for (; (digit = digit_value(*end, base)) >= 0; end++)
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, (unsigned int)digit, &value))
			return false;
	if (end == first)
		return false;
	*at = end;
	*number = value;
	return true;
}
