/* Small files of somebody else's, read whole. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/packed.h"

enum {
	SPECIAL_MAX = 16 << 20,
	SMALL = 4 << 10
};

/*
 * A private copy, not a mapping of the file: truncating a mapped file under us
 * would end PID 1 with SIGBUS. A big one's memory goes back to the kernel
 * afterwards; a small one's with all of malloc's, as a mapping for itself costs
 * more than to read it.
 */
static int read_all(int fd, size_t size, struct file *file)
{
	bool small = size < SMALL;
	char *data = small ? malloc(size + 1)
			   : mmap(NULL, size + 1, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (data == MAP_FAILED)
		return -1;
	*file = (struct file){ .data = data, .mapped = small ? 0 : size + 1 };
	while (file->length < size) {
		ssize_t got = read(fd, data + file->length,
				   size - file->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		file->length += (size_t)got;
	}
	data[file->length] = '\0';
	if (memchr(data, '\0', file->length)) {
		errno = EILSEQ;
		return -1;
	}
	return 0;
}

static int finish_read(int fd, int result, struct file *file)
{
	int number = errno;

	close(fd);
	if (result)
		file_free(file);
	errno = number;
	return result;
}

static int check_regular(const struct stat *status)
{
	if (S_ISREG(status->st_mode))
		return 0;
	errno = S_ISDIR(status->st_mode) ? EISDIR : EINVAL;
	return -1;
}

/*
 * A link of an image's may lead into /proc/self/fd, and by what has been left
 * open there out of the root; who gives such a path himself, or one of its
 * names in /dev, means it. Before Linux 5.6, and where a filter does not know
 * the call, it leads there.
 */
static int open_plainly(const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned int)flags,
		.resolve = strncmp(path, "/proc/self/fd/", 14) &&
					   strncmp(path, "/dev/", 5)
				   ? RESOLVE_NO_MAGICLINKS
				   : 0,
	};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 && (errno == ENOSYS || errno == EPERM) ? open(path, flags)
							     : fd;
}

int file_read(const char *path, struct file *file)
{
	struct stat status;
	int result = -1;
	int fd;

	*file = (struct file){ 0 };
	/* To open some devices is to set them going: a watchdog, a tape. */
	if (stat(path, &status) || check_regular(&status))
		return -1;
	fd = open_plainly(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &status) && !check_regular(&status)) {
		result = read_all(fd, (size_t)status.st_size, file);
		file->mode = status.st_mode;
		file->owner = status.st_uid;
	}
	return finish_read(fd, result, file);
}

int file_open_proc(const char *path, int flags)
{
	struct stat status;
	struct statfs system;
	int fd = -1;

	if (stat(path, &status))
		return -1;
	if (S_ISREG(status.st_mode)) {
		fd = open(path, flags | O_CLOEXEC);
		if (fd < 0 || (!fstatfs(fd, &system) &&
			       system.f_type == PROC_SUPER_MAGIC))
			return fd;
		close(fd);
	}
	errno = ENOENT;
	return -1;
}

int file_read_special(const char *path, struct file *file)
{
	int fd = file_open_proc(path, O_RDONLY);
	int result;

	*file = (struct file){ 0 };
	if (fd < 0)
		return -1;
	/* Untouched pages cost nothing; a longer one is refused. */
	result = read_all(fd, SPECIAL_MAX, file);
	if (!result && file->length == SPECIAL_MAX) {
		errno = EFBIG;
		result = -1;
	}
	return finish_read(fd, result, file);
}

const char *file_reason(int number)
{
	switch (number) {
	case EINVAL:
		return TEXT("not a regular file");
	case EILSEQ:
		return TEXT("holds a NUL byte");
	default:
		return strerror(number);
	}
}

void file_free(struct file *file)
{
	if (file->mapped)
		munmap(file->data, file->mapped);
	*file = (struct file){ 0 };
}

char *line_next(char **rest, int *terminated)
{
	char *line = *rest;
	char *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	*terminated = end != NULL;
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return line;
}
