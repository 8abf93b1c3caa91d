/* Packed relocations, applied before the C library's start code runs. */
#ifndef RIND_SYS_RELR_H
#define RIND_SYS_RELR_H

/* musl's <elf.h> has the numbers from 1.2.4 on. */
#define TAG_RELRSZ 35
#define TAG_RELR 36

/*
 * Adds the program's address to all that DT_RELR names, once: called by the
 * entry point alone, before the program is relocated.
 */
__attribute__((visibility("hidden"))) void relr_apply(void);

#endif
