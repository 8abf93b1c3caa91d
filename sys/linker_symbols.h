/* Addresses that the linker defines. */
#ifndef RIND_SYS_LINKER_SYMBOLS_H
#define RIND_SYS_LINKER_SYMBOLS_H

#include <link.h>

/* The dynamic section, elf(5). Until relro_protect() it may be written. */
extern ElfW(Dyn) _DYNAMIC[] __attribute__((visibility("hidden")));

/* Address 0 of this program, to which p_vaddr of elf(5) is relative. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* The end of the RESIDENT functions, which lie first (resident.ld). */
extern const char __resident_end[] __attribute__((visibility("hidden")));

#endif
