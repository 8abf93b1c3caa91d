/* Descriptors: closing all but some, on every kernel. */
#include "base/fds.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"

int fds_next_in_array(const void *fd_array, int from)
{
	const struct fd_array *array = fd_array;
	int next = INT_MAX;

	for (int i = 0; i < array->count; i++)
		if (array->fds[i] >= from && array->fds[i] < next)
			next = array->fds[i];
	return next;
}

/* Calls CLOSE_BETWEEN for each gap between two kept descriptors. */
static int for_each_gap(int from, fds_next_kept *next_kept, const void *context,
			int close_between(int, int))
{
	for (;;) {
		int kept = next_kept(context, from);

		if (kept > from && close_between(from, kept - 1))
			return -1;
		if (kept == INT_MAX)
			return 0;
		from = kept + 1;
	}
}

static int close_gap(int first, int last)
{
	/* The last gap reaches to the kernel's own end of numbers. */
	unsigned int end = last == INT_MAX - 1 ? ~0U : (unsigned int)last;

	return (int)syscall(SYS_close_range, first, end, 0);
}

static int close_numbers(int first, int last)
{
	struct rlimit limit = { .rlim_max = 0 };

	/* fs.nr_open caps the limit; its default is 1048576. */
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -1;
	if (limit.rlim_max > 1 << 20)
		limit.rlim_max = 1 << 20;
	for (int fd = first; fd <= last && fd < (int)limit.rlim_max; fd++)
		close(fd);
	return 0;
}

struct directory_entry {
	unsigned long long inode;
	long long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* Closes what one getdents64(2) listed; returns how many were closed. */
static int close_listed(const char *entries, long size, int from,
			fds_next_kept *next_kept, const void *context,
			int directory)
{
	int closed = 0;

	for (long at = 0; at < size;) {
		const struct directory_entry *entry =
			(const void *)(entries + at);
		unsigned long fd;

		at += entry->length;
		if (number_read(entry->name, INT_MAX - 1, &fd) ||
		    (int)fd < from || (int)fd == directory ||
		    next_kept(context, (int)fd) == (int)fd)
			continue;
		close((int)fd);
		closed++;
	}
	return closed;
}

/* One pass may miss entries as it closes others, so until one finds none. */
static int close_from_proc(int from, fds_next_kept *next_kept,
			   const void *context)
{
	_Alignas(struct directory_entry) char entries[4096];
	int directory = open("/proc/self/fd",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long size;
	int closed;

	if (directory < 0)
		return -1;
	do {
		closed = 0;
		lseek(directory, 0, SEEK_SET);
		while ((size = syscall(SYS_getdents64, directory, entries,
				       sizeof(entries))) > 0)
			closed += close_listed(entries, size, from, next_kept,
					       context, directory);
	} while (closed && !size);
	close(directory);
	return (int)size;
}

int fds_close_all(int from, fds_next_kept *next_kept, const void *context)
{
	if (!for_each_gap(from, next_kept, context, close_gap))
		return 0;
	/* EPERM: seccomp filters that do not know the call (old engines). */
	if (errno != ENOSYS && errno != EPERM)
		return -1;
	if (!close_from_proc(from, next_kept, context))
		return 0;
	return for_each_gap(from, next_kept, context, close_numbers);
}
