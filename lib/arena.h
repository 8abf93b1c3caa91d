/*
 * Memory for the start, given back as a whole.
 *
 * The plan's lists live until the app runs, and after that PID 1 allocates
 * nothing. Blocks are cut off one behind the other, never used twice and never
 * freed one by one. No function here returns NULL: with no memory left rind
 * says so and exits 125, as nothing could go on with less. (The C library's
 * allocator made a start 25 % slower and left 20 kB more in PID 1.)
 */
#ifndef RIND_LIB_ARENA_H
#define RIND_LIB_ARENA_H

#include <stddef.h>

#define ARENA_RESULT \
	__attribute__((malloc, returns_nonnull, warn_unused_result))

/* SIZE bytes of zeros, aligned for any type. */
ARENA_RESULT void *arena_alloc(size_t size);

/* COUNT times SIZE bytes of zeros. */
ARENA_RESULT void *arena_alloc_array(size_t count, size_t size);

/*
 * A block of NEW_SIZE bytes that begins with the OLD_SIZE ones at MEMORY. (As
 * realloc(3) it is not "malloc" to gcc: what it returns may hold pointers.)
 */
__attribute__((returns_nonnull, warn_unused_result)) void *
arena_grow(const void *memory, size_t old_size, size_t new_size);

/* As strdup(3) and strndup(3). */
ARENA_RESULT char *arena_strdup(const char *string);
ARENA_RESULT char *arena_strndup(const char *string, size_t length);

/* As asprintf(3), which returns the string. */
__attribute__((format(printf, 1, 2))) ARENA_RESULT char *
arena_printf(const char *format, ...);

/*
 * From now on the end for want of memory is told by a struct error that is
 * written to FD, and not by a line on stderr: for the app's process.
 */
void arena_report_to(int fd);

/* Gives everything back to the kernel: no block may be used any more. */
void arena_release(void);

#endif
