/* Files and directories of procfs (proc(5)). */
#include "sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/descriptor.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/resident.h"
#include "lib/text.h"

enum {
	FILE_SIZE_MAX = 16 << 20
};

RESIDENT bool is_procfs(int fd)
{
	struct statfs status;

	return !fstatfs(fd, &status) && status.f_type == PROC_SUPER_MAGIC;
}

int procfs_open(const char *path, int flags)
{
	struct stat status;
	int fd;

	/* A FIFO would hold up the open(2), a device could be set going. */
	if (stat(path, &status))
		return -1;
	if (S_ISREG(status.st_mode)) {
		fd = open(path, flags | O_CLOEXEC);
		if (fd < 0 || is_procfs(fd))
			return fd;
		close(fd);
	}
	errno = ENOENT;
	return -1;
}

int procfs_read(const char *path, struct file *file)
{
	int fd = procfs_open(path, O_RDONLY);
	int result;

	*file = (struct file){ 0 };
	if (fd < 0)
		return -1;
	/* The kernel gives memory to those pages alone that are written to. */
	result = file_read_fd(fd, FILE_SIZE_MAX, file);
	if (!result && file->length == FILE_SIZE_MAX) {
		file_free(file);
		errno = EFBIG;
		result = -1;
	}
	close_keeping_errno(fd);
	return result;
}

int procfs_fd_target(int fd, char *path, size_t size)
{
	char link[40];
	struct text text = text_in(link, sizeof(link));
	ssize_t length;

	text_addf(&text, "/proc/self/fd/%d", fd);
	length = readlink(link, path, size - 1);
	if (length < 0)
		return -1;
	path[length] = '\0';
	return 0;
}

bool procfs_shows_self(int proc)
{
	char link[16] = "";
	unsigned long pid = 0;

	return readlinkat(proc, "self", link, sizeof(link) - 1) > 0 &&
	       !number_read(link, INT_MAX, &pid) && (pid_t)pid == getpid();
}

/*
 * What getdents64(2) fills the buffer with. readdir(3) would allocate, and PID
 * 1 looks for the app's descendants with this.
 */
struct linux_dirent64 {
	unsigned long long inode;
	long long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void visit_all(const char *entries, long size, int directory,
		      procfs_visitor *visit, void *context)
{
	for (long at = 0; at < size;) {
		const struct linux_dirent64 *entry =
			(const void *)(entries + at);
		unsigned long number;

		at += entry->length;
		if (!number_read(entry->name, INT_MAX - 1, &number))
			visit(context, (int)number, directory);
	}
}

int procfs_visit_numbers(const char *path, procfs_visitor *visit, void *context)
{
	_Alignas(struct linux_dirent64) char entries[4096];
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size;

	if (directory < 0)
		return -1;
	if (!is_procfs(directory)) {
		close(directory);
		errno = ENOENT;
		return -1;
	}
	while ((size = syscall(SYS_getdents64, directory, entries,
			       sizeof(entries))) > 0)
		visit_all(entries, size, directory, visit, context);
	close_keeping_errno(directory);
	return (int)size;
}

ssize_t procfs_read_start(pid_t pid, const char *name, char *buffer,
			  size_t size)
{
	char path[64];
	struct text text = text_in(path, sizeof(path));
	ssize_t length;
	int fd;

	if (pid)
		text_addf(&text, "/proc/%d/%s", pid, name);
	else
		text_addf(&text, "/proc/self/%s", name);
	fd = procfs_open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	length = read(fd, buffer, size - 1);
	close_keeping_errno(fd);
	if (length >= 0)
		buffer[length] = '\0';
	return length;
}

int procfs_stat_number(pid_t pid, int field, long long *number)
{
	char stat[1024];
	const char *at;

	if (procfs_read_start(pid, "stat", stat, sizeof(stat)) < 0)
		return -1;
	/* The second field, in brackets, may hold anything. */
	at = strrchr(stat, ')');
	for (int i = 2; at && i < field; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -1;
	*number = strtoll(at, NULL, 10);
	return 0;
}

/*
 * In pieces, as PID 1 has no memory for the whole; each begins with the end of
 * the one before, where the word may have been cut.
 */
bool procfs_hides_processes(void)
{
	static const char word[] = "hidepid=";
	char piece[1024];
	size_t kept = 0;
	ssize_t length;
	bool found = false;
	int fd = procfs_open("/proc/self/mountinfo", O_RDONLY);

	if (fd < 0)
		return true;
	while (!found && (length = read(fd, piece + kept,
					sizeof(piece) - 1 - kept)) > 0) {
		size_t end = kept + (size_t)length;

		piece[end] = '\0';
		found = strstr(piece, word);
		kept = end < sizeof(word) ? end : sizeof(word);
		memmove(piece, piece + end - kept, kept);
	}
	close(fd);
	return found || length < 0;
}

int procfs_read_children(char *list, size_t size)
{
	char name[40];
	struct text text = text_in(name, sizeof(name));
	ssize_t length;

	text_addf(&text, "task/%d/children", getpid());
	length = procfs_read_start(0, name, list, size);
	return length < 0 || (size_t)length == size - 1 ? -1 : 0;
}
