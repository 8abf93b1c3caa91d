/* Small files of somebody else's, read whole before a byte is trusted. */
#ifndef RIND_LIB_FILE_H
#define RIND_LIB_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct file {
	char *data; /* NUL-terminated, writable; NULL where there is no file */
	size_t length;
	size_t mapped; /* bytes to unmap; 0: DATA is in the arena */
	mode_t mode;   /* stat(2) */
	uid_t owner;
};

/*
 * Reads the regular file PATH into memory of its own. Anything else under that
 * name (a FIFO would hang the start, a directory, a device) is refused, and so
 * is a NUL byte inside, and a link into /proc/self/fd (Linux 5.6). Returns 0,
 * or -1 with errno; a path that is not there is ENOENT. The caller ends it with
 * file_free().
 */
int file_read(const char *path, struct file *file);

/*
 * As file_read(), by descriptor, which stays open: at most SIZE bytes, from
 * where it stands.
 */
int file_read_fd(int fd, size_t size, struct file *file);
void file_free(struct file *file);

/* The text of FILE, which it goes on owning, behind a byte order mark. */
char *file_text(const struct file *file);

/* Why file_read() failed with the errno NUMBER, for a message. */
const char *file_reason(int number);

/*
 * Cuts the next line off *REST, without its newline, and fills *TERMINATED,
 * unless that is NULL, with whether it had one. Returns NULL at the end.
 */
char *line_next(char **rest, bool *terminated);

#endif
