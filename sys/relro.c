/*
 * Read-only relocations (PT_GNU_RELRO, elf(5)). A program loader applies them;
 * a static PIE relocates itself, and no musl's start code does so there.
 */
#include "sys/relro.h"

#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "sys/linker_symbols.h"

int relro_protect(struct error *error)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);
	uintptr_t page = getauxval(AT_PAGESZ);

	for (; header && count; header++, count--) {
		uintptr_t start = (uintptr_t)__ehdr_start + header->p_vaddr;
		uintptr_t end = start + header->p_memsz;

		if (header->p_type != PT_GNU_RELRO)
			continue;
		/* Whole pages, as musl's program loader has it. */
		start &= ~(page - 1);
		end &= ~(page - 1);
		if (!mprotect((void *)start, end - start, PROT_READ))
			return 0;
		return error_errno(error, "start", "relocations", NULL);
	}
	return 0;
}
