/* Memory for the start: see arena.h. */
#include "lib/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/error.h"
#include "lib/log.h"
#include "lib/resident.h"

enum {
	ALIGNMENT = 16,
	REGION = 64 * 1024
};

/* Lies at the start of each mapping. */
struct region {
	_Alignas(ALIGNMENT) struct region *before;
	size_t size;
};

/* Of the process, as malloc(3), which stands on it, is: see malloc.c. */
static struct arena {
	struct region *last;
	char *next, *end;
	int report; /* descriptor, never 0; see arena_report_to() */
} arena;

void arena_report_to(int fd)
{
	arena.report = fd;
}

static _Noreturn void give_up(void)
{
	struct error error;

	error_set(&error, "memory", NULL, "out of memory", NULL);
	if (arena.report)
		(void)!write(arena.report, &error, sizeof(error));
	else
		log_line(error.line, LOG_LAST);
	_exit(EXIT_RIND);
}

static void add_region(size_t needed)
{
	size_t size = needed + sizeof(struct region);
	struct region *region;

	if (size < REGION)
		size = REGION;
	region = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (region == MAP_FAILED)
		give_up();
	region->before = arena.last;
	region->size = size;
	arena.last = region;
	arena.next = (char *)(region + 1);
	arena.end = (char *)region + size;
}

/* Fresh from the kernel, so zero already; a block is never used twice. */
void *arena_alloc(size_t size)
{
	size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	char *block;

	if (size > PTRDIFF_MAX / 2)
		give_up();
	/* A block of no bytes is one as well, and not NULL. */
	if (!rounded)
		rounded = ALIGNMENT;
	if ((size_t)(arena.end - arena.next) < rounded)
		add_region(rounded);
	block = arena.next;
	arena.next += rounded;
	return block;
}

void *arena_alloc_array(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		give_up();
	return arena_alloc(bytes);
}

void *arena_grow(const void *memory, size_t old_size, size_t new_size)
{
	void *moved = arena_alloc(new_size);

	if (old_size)
		memcpy(moved, memory,
		       old_size < new_size ? old_size : new_size);
	return moved;
}

char *arena_strndup(const char *string, size_t length)
{
	size_t copied = strnlen(string, length);

	return memcpy(arena_alloc(copied + 1), string, copied);
}

char *arena_strdup(const char *string)
{
	return arena_strndup(string, strlen(string));
}

char *arena_printf(const char *format, ...)
{
	va_list list;
	char *string;
	int length;

	va_start(list, format);
	length = vsnprintf(NULL, 0, format, list);
	va_end(list);
	if (length < 0)
		give_up();
	string = arena_alloc((size_t)length + 1);
	va_start(list, format);
	vsnprintf(string, (size_t)length + 1, format, list);
	va_end(list);
	return string;
}

RESIDENT void arena_release(void)
{
	struct region *region = arena.last;

	arena = (struct arena){ 0 };
	while (region) {
		struct region *before = region->before;

		munmap(region, region->size);
		region = before;
	}
}
