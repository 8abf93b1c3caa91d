/* Read-only relocations (PT_GNU_RELRO, elf(5)). */
#include "base/relro.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/mman.h>

/* Where the linker put address 0 of this program. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

int relro_protect(struct error *error)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);
	unsigned long page = getauxval(AT_PAGESZ);

	for (; header && count; header++, count--) {
		unsigned long start = (unsigned long)__ehdr_start;
		unsigned long end;

		if (header->p_type != PT_GNU_RELRO)
			continue;
		start += header->p_vaddr;
		/* Up to the page's end: link.ld has nothing else on it. */
		end = (start + header->p_memsz + page - 1) & ~(page - 1);
		start &= ~(page - 1);
		if (!mprotect((void *)start, end - start, PROT_READ))
			return 0;
		return error_errno(error, "start", "relocations", NULL);
	}
	return 0;
}
