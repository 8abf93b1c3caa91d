/* Small files of somebody else's, read whole. */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/descriptor.h"

enum {
	SMALL = 4 << 10
};

/*
 * A private copy, not a mapping of the file: truncating a mapped file under us
 * would end PID 1 with SIGBUS. A big one's memory goes back to the kernel
 * afterwards; a small one's with all of the arena, as a mapping for itself
 * costs more than to read it.
 */
static int read_all(int fd, size_t size, struct file *file)
{
	bool small = size < SMALL;
	char *data = small ? arena_alloc(size + 1)
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

int file_read_fd(int fd, size_t size, struct file *file)
{
	int result = read_all(fd, size, file);
	int number = errno;

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

static bool begins_with(const char *path, const char *prefix)
{
	return !strncmp(path, prefix, strlen(prefix));
}

/*
 * A link in an image may lead into /proc/self/fd, and through a descriptor that
 * was left open out of the root. A caller who names /proc/self/fd, or its links
 * in /dev, means that descriptor. Before Linux 5.6, and where a filter does not
 * know openat2(2), such a link is followed.
 */
static int open_without_magic_links(const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)flags };
	int fd;

	if (!begins_with(path, "/proc/self/fd/") && !begins_with(path, "/dev/"))
		how.resolve = RESOLVE_NO_MAGICLINKS;
	fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open(path, flags);
	return fd;
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
	fd = open_without_magic_links(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
						    O_NOCTTY);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &status) && !check_regular(&status)) {
		result = file_read_fd(fd, (size_t)status.st_size, file);
		file->mode = status.st_mode;
		file->owner = status.st_uid;
	}
	close_keeping_errno(fd);
	return result;
}

const char *file_reason(int number)
{
	switch (number) {
	case EINVAL:
		return "not a regular file";
	case EILSEQ:
		return "holds a NUL byte";
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

char *file_text(const struct file *file)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	bool marked = !strncmp(file->data, byte_order_mark,
			       strlen(byte_order_mark));

	return marked ? file->data + strlen(byte_order_mark) : file->data;
}

char *line_next(char **rest, bool *terminated)
{
	char *line = *rest;
	char *end;

	if (!line || !*line)
		return NULL;
	end = strchr(line, '\n');
	if (terminated)
		*terminated = end != NULL;
	*rest = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return line;
}
