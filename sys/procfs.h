/*
 * Files and directories of procfs (proc(5)). An image may hold a file, a FIFO
 * or a directory of the same name where no /proc is mounted: that is ENOENT
 * here.
 */
#ifndef RIND_SYS_PROCFS_H
#define RIND_SYS_PROCFS_H

#include <stdbool.h>

#include "lib/file.h"

/* Opens a regular file of procfs. Returns a descriptor, or -1 with errno. */
int procfs_open(const char *path, int flags);

/*
 * As file_read(), of such a file, which tells no size; EFBIG from 16 MiB on.
 * The caller ends it with file_free().
 */
int procfs_read(const char *path, struct file *file);

/* Whether PROC, a /proc that is open, is that of rind's own PID namespace. */
bool procfs_shows_self(int proc);

/*
 * Calls VISIT for each entry of PATH, /proc or a directory of descriptors,
 * whose name is a number, with that number and the descriptor by which the
 * directory is read. Allocates nothing. Returns 0, or -1 with errno where PATH
 * cannot be read to its end.
 */
typedef void procfs_visitor(void *context, int number, int directory);
int procfs_visit_numbers(const char *path, procfs_visitor *visit,
			 void *context);

#endif
