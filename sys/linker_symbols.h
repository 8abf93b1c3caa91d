/* Addresses that the linker defines. */
#ifndef RIND_SYS_LINKER_SYMBOLS_H
#define RIND_SYS_LINKER_SYMBOLS_H

/* Address 0 of this program, to which p_vaddr of elf(5) is relative. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* The end of the RESIDENT functions, which lie first (resident.ld). */
extern const char __resident_end[] __attribute__((visibility("hidden")));

#endif
