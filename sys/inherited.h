/* What rind was started with, and what the app gets back. */
#ifndef RIND_SYS_INHERITED_H
#define RIND_SYS_INHERITED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"
#include "lib/signals.h"

struct inherited {
	bool by_root; /* rind was started by uid 0 */
	uid_t uid;
	gid_t gid;
	pid_t pid; /* of the first rind: of the one outside, where there is one
		    */
	pid_t parent;
	signal_set mask;
	signal_set ignored; /* of SIGCHLD and the signals that ask to stop */
	/* Sets of capabilities, which follow the ids: capset.h. */
	uint64_t permitted, effective, inheritable, bounding;
	int terminal;    /* which of 0, 1 and 2 is the controlling one; or -1 */
	bool foreground; /* rind's group has it */
	int outer;       /* a socket to the rind outside of a new PID namespace
			    that has a terminal; or -1 */
};

/*
 * Fills *INHERITED, but for the capabilities and the terminal. Returns 0, or -1
 * with *ERROR: the signals cannot be read, or were not blocked by sys/entry.c.
 */
int inherited_read(struct inherited *inherited, struct error *error);

/* Fills in the capabilities that this process has now. Returns 0 or -1. */
int inherited_read_capabilities(struct inherited *inherited,
				struct error *error);

#endif
