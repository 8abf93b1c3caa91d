/*
 * Packed relocations (DT_RELR, the generic ABI's dynamic section): the words
 * that hold an address of the program itself. Its start code applies them from
 * musl 1.2.4 on; of an older musl nobody would.
 */
#include "sys/relr.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>

#include "sys/linker_symbols.h"

enum {
	WORDS_IN_BITMAP = 8 * sizeof(uintptr_t) - 1
};

/* Nothing here may need a relocation, nor thread-local storage. */
__attribute__((used, no_stack_protector)) void relr_apply(void)
{
	uintptr_t base = (uintptr_t)__ehdr_start;
	const uintptr_t *entry = NULL;
	uintptr_t *where = NULL;
	ElfW(Dyn) *size = NULL;

	for (ElfW(Dyn) *row = _DYNAMIC; row->d_tag != DT_NULL; row++) {
		if (row->d_tag == TAG_RELR)
			entry = (const uintptr_t *)(base + row->d_un.d_ptr);
		if (row->d_tag == TAG_RELRSZ)
			size = row;
	}
	if (!entry || !size)
		return;
	/* Even: an address. Odd: which of the words that follow it as well. */
	for (const uintptr_t *end = entry + size->d_un.d_val / sizeof(*entry);
	     entry < end; entry++) {
		if (!(*entry & 1)) {
			where = (uintptr_t *)(base + *entry);
			*where++ += base;
			continue;
		}
		if (!where) /* it would be of no address */
			return;
		for (int word = 0; word < WORDS_IN_BITMAP; word++)
			if (*entry >> (word + 1) & 1)
				where[word] += base;
		where += WORDS_IN_BITMAP;
	}
	size->d_un.d_val = 0; /* a newer musl has nothing left to apply */
}
