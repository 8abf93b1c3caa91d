/*
 * Calls into what no compiler has instrumented: the C library and, through it,
 * the kernel. The linker's --wrap leads them here. And the heap: base/memory.c
 * cuts blocks off one behind the other; here each has a redzone before and
 * behind it, and cannot be used after free(3), which it never is again.
 */
#include <poll.h>
#include <stdint.h>
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

/* Before each block, unseen by all but these. */
struct header {
	_Alignas(REDZONE) size_t size;
};

WRAP(void *, malloc, size_t size)
{
	struct header *header = __real_malloc(size + 3 * REDZONE);
	size_t rounded = (size + REDZONE - 1) & -(size_t)REDZONE;

	sanitize_unpoison(header, sizeof(*header));
	header->size = size;
	sanitize_poison(header, REDZONE, POISON_HEAP);
	sanitize_unpoison(header + 1, size);
	sanitize_poison((char *)(header + 1) + rounded, REDZONE, POISON_HEAP);
	return header + 1;
}

/* An arena of base/memory.c's is zero. */
WRAP(void *, calloc, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX / 2; /* which base/memory.c gives up over */
	return __wrap_malloc(bytes);
}

WRAP(void, free, void *memory)
{
	struct header *header = memory;

	if (!memory)
		return;
	sanitize_check(memory, header[-1].size, "free");
	sanitize_poison(memory, header[-1].size, POISON_FREED);
}

WRAP(void *, realloc, void *memory, size_t size)
{
	struct header *header = memory;
	void *moved = __wrap_malloc(size);

	if (header) {
		size_t before = header[-1].size;

		sanitize_check(memory, before, "realloc");
		__builtin_memcpy(moved, memory, before < size ? before : size);
		__wrap_free(memory);
	}
	return moved;
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

static size_t check_text(const char *text, size_t most, const char *what)
{
	size_t length = 0;

	while (length < most) {
		sanitize_check(text + length, 1, what);
		if (!text[length++])
			break;
	}
	return length;
}

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
	check_text(text, SIZE_MAX, "strchr");
	return __real_strchr(text, byte);
}

WRAP(char *, strrchr, const char *text, int byte)
{
	check_text(text, SIZE_MAX, "strrchr");
	return __real_strrchr(text, byte);
}

WRAP(char *, strdup, const char *text)
{
	check_text(text, SIZE_MAX, "strdup");
	return __real_strdup(text);
}

WRAP(char *, strndup, const char *text, size_t size)
{
	check_text(text, size, "strndup");
	return __real_strndup(text, size);
}

WRAP(size_t, strnlen, const char *text, size_t size)
{
	check_text(text, size, "strnlen");
	return __real_strnlen(text, size);
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
	check_text(path, SIZE_MAX, "readlink of");
	sanitize_check(target, size, "readlink");
	return __real_readlink(path, target, size);
}

WRAP(ssize_t, readlinkat, int directory, const char *path, char *target,
     size_t size)
{
	check_text(path, SIZE_MAX, "readlinkat of");
	sanitize_check(target, size, "readlinkat");
	return __real_readlinkat(directory, path, target, size);
}

WRAP(int, poll, struct pollfd *fds, nfds_t count, int timeout)
{
	sanitize_check(fds, count * sizeof(*fds), "poll");
	return __real_poll(fds, count, timeout);
}
