/* What PID 1 gives back to the kernel: see pages.h. */
#include "sys/pages.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "lib/resident.h"
#include "sys/linker_symbols.h"

enum {
	STACK_DEPTH = 128 * 1024,
	SEGMENTS_MAX = 8
};

struct range {
	uintptr_t start, end;
};

RESIDENT static void release(const struct range *range, uintptr_t page)
{
	uintptr_t start = (range->start + page - 1) & ~(page - 1);
	uintptr_t end = (range->end + page - 1) & ~(page - 1);

	if (start < end)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

/*
 * Segments that are written to hold data; what is in them stays. The program
 * headers lie in a segment themselves, so all is read before any is released.
 */
RESIDENT static void release_segments(uintptr_t page)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);
	uintptr_t base = (uintptr_t)__ehdr_start;
	struct range ranges[SEGMENTS_MAX];
	size_t found = 0;

	for (; header && count && found < SEGMENTS_MAX; header++, count--) {
		struct range range = { base + header->p_vaddr,
				       base + header->p_vaddr +
					       header->p_memsz };

		if (header->p_type != PT_LOAD || header->p_flags & PF_W)
			continue;
		if (header->p_flags & PF_X)
			range.start = (uintptr_t)__resident_end;
		ranges[found++] = range;
	}
	while (found)
		release(&ranges[--found], page);
}

/* What earlier calls have left below this one's frame. */
RESIDENT static void release_stack(uintptr_t page)
{
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0) & ~(page - 1);

	/* ENOMEM where the stack never was that deep: the rest is done. */
	madvise((void *)(frame - STACK_DEPTH), STACK_DEPTH - page,
		MADV_DONTNEED);
}

RESIDENT void release_start_pages(void)
{
	uintptr_t page = getauxval(AT_PAGESZ);

	release_stack(page);
	release_segments(page);
}
