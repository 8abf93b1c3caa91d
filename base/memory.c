/*
 * Memory for the start, given back as one.
 *
 * The plan's lists and libcap's sets live until the app runs, and after that
 * PID 1 allocates nothing. So malloc(3) is an arena here: blocks are cut off
 * one behind the other and never used twice. That is a tenth of the C library's
 * allocator, in code and in what a stray write could turn into a lever, and it
 * can go away whole. It never returns NULL: rind ends instead, as nothing here
 * could go on with less. malloc(3) and brk(2) of the library are not linked in.
 */
#include "base/memory.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/packed.h"
#include "base/say.h"

enum {
	ALIGNMENT = 16,
	REGION = 64 * 1024,
	STACK_DEPTH = 128 * 1024
};

/* Lies at the start of each mapping, and of each block. */
struct region {
	struct region *before;
	size_t size;
};

struct block {
	_Alignas(ALIGNMENT) size_t size;
};

_Static_assert(sizeof(struct region) == ALIGNMENT, "blocks stay aligned");

/* The one mutable state that the C library's interface forces on us. */
static struct arena {
	struct region *last;
	char *next, *end;
	int report; /* descriptor, never 0; see memory_report_to() */
} arena;

static size_t rounded(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void memory_report_to(int fd)
{
	arena.report = fd;
}

static _Noreturn void give_up(void)
{
	struct error error;

	error_set(&error, "memory", NULL, TEXT("out of memory"), NULL);
	if (arena.report)
		(void)!write(arena.report, &error, sizeof(error));
	else
		say(error.line, SAY_LAST);
	_exit(EXIT_RIND);
}

static void grow(size_t needed)
{
	size_t size = needed + sizeof(struct region);
	struct region *region;

	if (size < REGION)
		size = REGION;
	region = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (region == MAP_FAILED)
		give_up();
	*region = (struct region){ arena.last, size };
	arena.last = region;
	arena.next = (char *)(region + 1);
	arena.end = (char *)region + size;
}

/* Called from outside too, which gcc does not see (-fwhole-program). */
#ifdef __clang__
#define LIBRARY
#else
#define LIBRARY __attribute__((externally_visible))
#endif

LIBRARY void *malloc(size_t size)
{
	size_t needed = sizeof(struct block) + rounded(size);
	struct block *block;

	if (size > PTRDIFF_MAX / 2)
		give_up();
	if ((size_t)(arena.end - arena.next) < needed)
		grow(needed);
	block = (struct block *)(void *)arena.next;
	arena.next += needed;
	block->size = size;
	return block + 1;
}

/* Fresh from the kernel, so zero already; a block is never used twice. */
LIBRARY void *calloc(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		give_up();
	return malloc(bytes);
}

LIBRARY void *realloc(void *memory, size_t size)
{
	struct block *block = memory;
	void *moved = malloc(size);

	if (block)
		memcpy(moved, memory,
		       block[-1].size < size ? block[-1].size : size);
	return moved;
}

LIBRARY void free(void *memory)
{
	(void)memory;
}

static const ElfW(Phdr) * code_segment(void)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);

	for (; header && count; header++, count--)
		if (header->p_type == PT_LOAD && header->p_flags & PF_X)
			return header;
	return NULL;
}

/* Where the linker put the program's first byte. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* Where the linker put the end of what runs from now on (link.ld). */
extern const char __loop_end[] __attribute__((visibility("hidden")));

static void release_code(uintptr_t page)
{
	const ElfW(Phdr) *segment = code_segment();
	uintptr_t start = ((uintptr_t)__loop_end + page - 1) & ~(page - 1);
	uintptr_t end = (uintptr_t)__ehdr_start;

	if (segment)
		madvise((void *)start, end + segment->p_memsz - start,
			MADV_DONTNEED);
}

/* What earlier calls have left below this one's frame. */
static void release_stack(uintptr_t page)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0) & ~(page - 1);

	/* ENOMEM where the stack never was that deep: the rest is done. */
	madvise((void *)(frame - STACK_DEPTH), STACK_DEPTH - page,
		MADV_DONTNEED);
}

void memory_release(void)
{
	struct region *region = arena.last;
	uintptr_t page = getauxval(AT_PAGESZ);

	arena = (struct arena){ 0 };
	while (region) {
		struct region *before = region->before;

		munmap(region, region->size);
		region = before;
	}
	release_stack(page);
	release_code(page);
}
