/* Directories of numbers, read by getdents64(2). */
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/number.h"

/* struct linux_dirent64. */
struct entry {
	unsigned long long inode;
	long long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static void visit_all(const char *entries, long size, int directory,
		      directory_visitor *visit, void *context)
{
	for (long at = 0; at < size;) {
		const struct entry *entry = (const void *)(entries + at);
		unsigned long number;

		at += entry->length;
		if (!number_read(entry->name, INT_MAX - 1, &number))
			visit(context, (int)number, directory);
	}
}

int directory_numbers(const char *path, directory_visitor *visit, void *context)
{
	_Alignas(struct entry) char entries[4096];
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs status;
	long size;
	int number;

	if (directory < 0)
		return -1;
	if (fstatfs(directory, &status) || status.f_type != PROC_SUPER_MAGIC) {
		close(directory);
		errno = ENOENT;
		return -1;
	}
	while ((size = syscall(SYS_getdents64, directory, entries,
			       sizeof(entries))) > 0)
		visit_all(entries, size, directory, visit, context);
	number = errno;
	close(directory);
	errno = number;
	return (int)size;
}
