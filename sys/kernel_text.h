/*
 * Text that the kernel writes: the small files of /proc, /sys and cgroups, and
 * the numbers in them.
 */
#ifndef RIND_SYS_KERNEL_TEXT_H
#define RIND_SYS_KERNEL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads all of NAME below DIRECTORY (openat(2)) into memory of the arena, with
 * a NUL behind it. Returns NULL with errno where it cannot be read to its end.
 */
char *kernel_text_read(int directory, const char *name);

/*
 * Takes the number at *AT, behind blanks, and moves *AT behind it. BASE is 10
 * or 16, whose letters are small. Returns false where there is no number, or
 * one above 64 bits; *NUMBER then stays as it is.
 */
bool kernel_text_number(const char **at, unsigned int base, uint64_t *number);

#endif
