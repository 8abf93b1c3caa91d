/* Which memory may be used (tests/instrument/sanitize.c). */
#ifndef RIND_SANITIZE_H
#define RIND_SANITIZE_H

#include <stddef.h>

/* Shadow bytes as libsanitizer has them. */
enum poison {
	POISON_GLOBAL = 0xf9 - 256,
	POISON_SCOPE = 0xf8 - 256,
	POISON_HEAP = 0xfa - 256
};

/* MEMORY, at a multiple of 8, may be used from now on, or not. */
void sanitize_unpoison(const void *memory, size_t size);
void sanitize_poison(const void *memory, size_t size, enum poison kind);

/* Ends the process with a report of WHAT if a byte may not be used. */
void sanitize_check(const void *memory, size_t size, const char *what);

#endif
