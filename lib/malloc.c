/*
 * malloc(3) and its kin, for libcap and opendir(3): on the arena, so that the C
 * library's own allocator is not linked in. rind itself calls the arena.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/arena.h"

/* Lies in front of each block: realloc(3) is not told the old size. */
struct header {
	_Alignas(16) size_t size;
};

static void *allocate(size_t size)
{
	struct header *header;
	size_t bytes;

	/* The arena refuses what is too large. */
	if (__builtin_add_overflow(size, sizeof(*header), &bytes))
		bytes = size;
	header = arena_alloc(bytes);
	header->size = size;
	return header + 1;
}

void *malloc(size_t size)
{
	return allocate(size);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = (size_t)-1;
	return allocate(bytes);
}

void *realloc(void *memory, size_t size)
{
	void *moved = allocate(size);
	size_t old_size = memory ? ((struct header *)memory)[-1].size : 0;

	if (memory)
		memcpy(moved, memory, old_size < size ? old_size : size);
	return moved;
}

void free(void *memory)
{
	(void)memory;
}
