/* The process that --check looks at. */
#ifndef RIND_CHECK_CHECKED_PROCESS_H
#define RIND_CHECK_CHECKED_PROCESS_H

#include <stdbool.h>

#include "lib/error.h"
#include "sys/status.h"

/* Its descriptors stay open until rind ends. */
struct checked_process {
	bool is_own; /* rind itself */
	int proc;    /* its directory in /proc, or -1 */
	int root;    /* its root directory (O_PATH), or -1 */
	struct process_status status;
};

/*
 * Opens the process of the id PID, decimal, or rind itself where PID is NULL.
 * Returns 0, or -1 with *ERROR where there is no such process or no /proc to
 * find it in. rind itself needs no /proc.
 */
int checked_process_open(struct checked_process *process, const char *pid,
			 struct error *error);

/*
 * Opens the directory of PID, decimal or "self", in /proc. Returns a
 * descriptor for the caller to close, or -1 where /proc has none or is not the
 * kernel's.
 */
int process_directory_open(const char *pid);

#endif
