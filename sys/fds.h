/* Descriptors: closing all but some, on every kernel. */
#ifndef RIND_SYS_FDS_H
#define RIND_SYS_FDS_H

enum {
	FDS_MAX = 1 << 20 /* of one process: fs.nr_open as it comes */
};

/*
 * Returns the smallest descriptor at or above FROM that is to stay open, or
 * INT_MAX when none is.
 */
typedef int fds_next_kept(const void *context, int from);

/*
 * Closes every descriptor of this process from FROM up that NEXT_KEPT does not
 * name: close_range(2) (Linux 5.9), else what /proc/self/fd lists, else every
 * number below FDS_MAX. Returns 0, or -1 with errno where it cannot be known
 * that all are closed.
 */
int fds_close_all(int from, fds_next_kept *next_kept, const void *context);

/* The kept descriptors as an array; entries of -1 are skipped. */
struct fd_array {
	const int *fds;
	int count;
};
int fds_next_in_array(const void *fd_array, int from);

#endif
