/*
 * Calls into what no compiler has instrumented: the C library and, through it,
 * the kernel. The linker's --wrap leads them here. And the arena (lib/arena.c),
 * which cuts blocks off one behind the other: here each has a redzone before
 * and behind it. The linker sees no call within arena.c, and so what calls
 * arena_alloc() there is here too. (malloc(3), which only libcap calls, is in a
 * file of its own, and calls arena_alloc() as everybody does.)
 */
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "tests/instrument/sanitize.h"

#define WRAP(type, name, ...)            \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

enum {
	REDZONE = 16
};

/* To its end, or to LAST: what the function reads, and no more. */
static void check_text(const char *text, size_t most, int last,
		       const char *what)
{
	for (size_t i = 0; i < most; i++) {
		sanitize_check(text + i, 1, what);
		if (!text[i] || text[i] == (char)last)
			break;
	}
}

/* The arena */

WRAP(void *, arena_alloc, size_t size)
{
	size_t rounded = (size + REDZONE - 1) & -(size_t)REDZONE;
	char *before;
	char *block;

	if (size > PTRDIFF_MAX / 2)
		return __real_arena_alloc(size); /* which gives up */
	before = __real_arena_alloc(rounded + 2 * REDZONE);
	block = before + REDZONE;
	sanitize_poison(before, rounded + 2 * REDZONE, POISON_HEAP);
	sanitize_unpoison(block, size);
	return block;
}

WRAP(void *, arena_alloc_array, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return __wrap_arena_alloc(bytes);
}

WRAP(void *, arena_grow, const void *memory, size_t old_size, size_t new_size)
{
	void *moved = __wrap_arena_alloc(new_size);

	sanitize_check(memory, old_size, "arena_grow");
	if (old_size)
		__builtin_memcpy(moved, memory,
				 old_size < new_size ? old_size : new_size);
	return moved;
}

WRAP(char *, arena_strndup, const char *string, size_t length)
{
	size_t copied;

	check_text(string, length, '\0', "arena_strndup");
	copied = strnlen(string, length);
	return __builtin_memcpy(__wrap_arena_alloc(copied + 1), string, copied);
}

WRAP(char *, arena_strdup, const char *string)
{
	return __wrap_arena_strndup(string, SIZE_MAX);
}

WRAP(char *, arena_printf, const char *format, ...)
{
	va_list list;
	char *string;
	int length;

	va_start(list, format);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	string = __wrap_arena_alloc((size_t)length + 1);
	va_start(list, format);
	vsnprintf(string, (size_t)length + 1, format, list);
	va_end(list);
	return string;
}

/* What was given back may come again. */
WRAP(void *, mmap, void *start, size_t size, int protection, int flags, int fd,
     off_t offset)
{
	void *mapped = __real_mmap(start, size, protection, flags, fd, offset);

	if (mapped != MAP_FAILED)
		sanitize_unpoison(mapped, size);
	return mapped;
}

/* The C library */

WRAP(void *, memcpy, void *to, const void *from, size_t size)
{
	sanitize_check(from, size, "memcpy from");
	sanitize_check(to, size, "memcpy to");
	if (size && (char *)to < (const char *)from + size &&
	    (const char *)from < (char *)to + size)
		__builtin_trap();
	return __real_memcpy(to, from, size);
}

WRAP(void *, memmove, void *to, const void *from, size_t size)
{
	sanitize_check(from, size, "memmove from");
	sanitize_check(to, size, "memmove to");
	return __real_memmove(to, from, size);
}

WRAP(int, memcmp, const void *a, const void *b, size_t size)
{
	sanitize_check(a, size, "memcmp");
	sanitize_check(b, size, "memcmp");
	return __real_memcmp(a, b, size);
}

WRAP(char *, strchr, const char *text, int byte)
{
	check_text(text, SIZE_MAX, byte, "strchr");
	return __real_strchr(text, byte);
}

WRAP(char *, strrchr, const char *text, int byte)
{
	check_text(text, SIZE_MAX, '\0', "strrchr");
	return __real_strrchr(text, byte);
}

WRAP(size_t, strlen, const char *text)
{
	check_text(text, SIZE_MAX, '\0', "strlen");
	return __real_strlen(text);
}

WRAP(size_t, strnlen, const char *text, size_t size)
{
	check_text(text, size, '\0', "strnlen");
	return __real_strnlen(text, size);
}

/* What two texts have in common, and one byte more. */
static void check_common(const char *a, const char *b, size_t most,
			 const char *what)
{
	for (size_t i = 0; i < most; i++) {
		sanitize_check(a + i, 1, what);
		sanitize_check(b + i, 1, what);
		if (!a[i] || a[i] != b[i])
			break;
	}
}

WRAP(int, strcmp, const char *a, const char *b)
{
	check_common(a, b, SIZE_MAX, "strcmp");
	return __real_strcmp(a, b);
}

WRAP(int, strncmp, const char *a, const char *b, size_t size)
{
	check_common(a, b, size, "strncmp");
	return __real_strncmp(a, b, size);
}

WRAP(size_t, strspn, const char *text, const char *bytes)
{
	check_text(bytes, SIZE_MAX, '\0', "strspn of");
	for (size_t i = 0;; i++) {
		sanitize_check(text + i, 1, "strspn");
		if (!text[i] || !strchr(bytes, text[i]))
			return i;
	}
}

WRAP(size_t, strcspn, const char *text, const char *bytes)
{
	check_text(bytes, SIZE_MAX, '\0', "strcspn of");
	for (size_t i = 0;; i++) {
		sanitize_check(text + i, 1, "strcspn");
		if (!text[i] || strchr(bytes, text[i]))
			return i;
	}
}

WRAP(ssize_t, read, int fd, void *memory, size_t size)
{
	sanitize_check(memory, size, "read");
	return __real_read(fd, memory, size);
}

WRAP(ssize_t, pread, int fd, void *memory, size_t size, off_t offset)
{
	sanitize_check(memory, size, "pread");
	return __real_pread(fd, memory, size, offset);
}

WRAP(ssize_t, write, int fd, const void *memory, size_t size)
{
	sanitize_check(memory, size, "write");
	return __real_write(fd, memory, size);
}

WRAP(ssize_t, readlink, const char *path, char *target, size_t size)
{
	check_text(path, SIZE_MAX, '\0', "readlink of");
	sanitize_check(target, size, "readlink");
	return __real_readlink(path, target, size);
}

WRAP(ssize_t, readlinkat, int directory, const char *path, char *target,
     size_t size)
{
	check_text(path, SIZE_MAX, '\0', "readlinkat of");
	sanitize_check(target, size, "readlinkat");
	return __real_readlinkat(directory, path, target, size);
}

WRAP(int, poll, struct pollfd *fds, nfds_t count, int timeout)
{
	sanitize_check(fds, count * sizeof(*fds), "poll");
	return __real_poll(fds, count, timeout);
}
