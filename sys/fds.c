/* Descriptors: closing all but some, on every kernel. */
#include "sys/fds.h"

#include <errno.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/procfs.h"

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
	/*
	 * RLIMIT_NOFILE does not count: what was open before it was lowered
	 * stays open.
	 */
	for (int fd = first; fd <= last && fd < FDS_MAX; fd++)
		close(fd);
	return 0;
}

struct closing {
	int from;
	fds_next_kept *next_kept;
	const void *context;
	int closed;
};

static void close_listed(void *context, int fd, int directory)
{
	struct closing *closing = context;

	if (fd < closing->from || fd == directory ||
	    closing->next_kept(closing->context, fd) == fd)
		return;
	close(fd);
	closing->closed++;
}

/* One pass may miss entries as it closes others, so until one finds none. */
static int close_from_proc(int from, fds_next_kept *next_kept,
			   const void *context)
{
	struct closing closing = { from, next_kept, context, 0 };
	int result = 0;

	do {
		closing.closed = 0;
		result = procfs_visit_numbers("/proc/self/fd", close_listed,
					      &closing);
	} while (closing.closed && !result);
	return result;
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
