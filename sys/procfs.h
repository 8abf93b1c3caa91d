/*
 * Files and directories of procfs (proc(5)). Where no /proc is mounted an image
 * may hold a file, a FIFO or a directory of the same name: such a lookalike is
 * ENOENT here, as if it were missing.
 */
#ifndef RIND_SYS_PROCFS_H
#define RIND_SYS_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/file.h"

enum {
	PID_LIMIT = 1 << 22 /* PID_MAX_LIMIT, pid_max(5): every pid is below */
};

/*
 * Reads the beginning of /proc/PID/NAME, or with PID 0 of /proc/self/NAME, into
 * BUFFER, as a string of less than SIZE bytes; allocates nothing. Returns its
 * length, or -1 with errno where it cannot be read.
 */
ssize_t procfs_read_start(pid_t pid, const char *name, char *buffer,
			  size_t size);

/*
 * The number in FIELD of /proc/PID/stat, counted as in proc_pid_stat(5) and at
 * least 4; PID as above. Returns 0, or -1 where it cannot be read.
 */
int procfs_stat_number(pid_t pid, int field, long long *number);

/*
 * Whether a mount of /proc may hide processes of other users (hidepid,
 * proc(5)).
 */
bool procfs_hides_processes(void);

/*
 * Fills LIST of SIZE with the pids of the calling thread's children, each
 * followed by a blank (proc_tid_children(5), Linux 4.2). /proc has to be that
 * of rind's own PID namespace. Returns 0, or -1 where there is no such file or
 * it is longer.
 */
int procfs_read_children(char *list, size_t size);

/* Whether FD is open on a file or directory of a procfs (statfs(2)). */
bool is_procfs(int fd);

/*
 * Opens a regular file of procfs with FLAGS, close-on-exec. Returns a
 * descriptor that the caller closes, or -1 with errno.
 */
int procfs_open(const char *path, int flags);

/*
 * Reads such a file whole; its size is not known before. Returns 0 and fills
 * *FILE, which the caller ends with file_free(); or -1 with errno, EFBIG for
 * 16 MiB and more.
 */
int procfs_read(const char *path, struct file *file);

/*
 * Where FD leads, by the link /proc/self/fd/FD: what the name was, not
 * necessarily what it is. Fills PATH, cut to SIZE with its NUL. Returns 0, or
 * -1 with errno.
 */
int procfs_fd_target(int fd, char *path, size_t size);

/* Whether PROC, a descriptor of a /proc, shows rind's own PID namespace. */
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
