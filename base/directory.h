/* Directories of numbers: /proc and /proc/self/fd (proc(5)). */
#ifndef RIND_DIRECTORY_H
#define RIND_DIRECTORY_H

/*
 * Calls VISIT for each entry of PATH whose name is a number, with the number
 * and the descriptor by which the directory is read. Allocates nothing. Returns
 * 0, or -1 with errno where PATH cannot be read to its end, or is none of the
 * kernel's (ENOENT): an image may hold a directory of that name.
 */
typedef void directory_visitor(void *context, int number, int directory);
int directory_numbers(const char *path, directory_visitor *visit,
		      void *context);

#endif
