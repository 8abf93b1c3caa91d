/* What rind was started with, and what the app gets back. */
#ifndef RIND_SYS_INHERITED_H
#define RIND_SYS_INHERITED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"
#include "lib/signals.h"

struct inherited {
	/* The effective ids; uid and gid change with a new user namespace. */
	bool by_root;
	uid_t uid;
	gid_t gid;
	/* Of the first rind: where there are two, of the one outside. */
	pid_t pid;
	pid_t parent;
	signal_set mask;
	signal_set pending; /* in MASK, and sent before rind began */
	signal_set ignored; /* of SIGCHLD and the signals that ask to stop */
	/* Capability sets, as in sys/capset.h; they follow the ids. */
	uint64_t permitted, effective, inheritable, bounding;
	/* Which of 0, 1 and 2 is the controlling terminal; -1: none is. */
	int terminal;
	bool foreground; /* rind's process group is the terminal's */
	/* None is, and rind's session has one, or may have. */
	bool hidden_terminal;
	/*
	 * A socket to the rind outside of a new PID namespace, where that one
	 * has a terminal; else -1.
	 */
	int outer;
	/* The same without regard to terminals: hung up when that rind ends. */
	int outer_life;
};

/*
 * Fills *INHERITED, but for the capabilities and the terminal. Returns 0, or -1
 * with *ERROR: dispositions cannot be read, or sys/entry.c could not block the
 * signals.
 */
int inherited_read(struct inherited *inherited, struct error *error);

/*
 * Fills in the capability sets that this process has now. Returns 0, or -1 with
 * *ERROR: what is not known cannot be dropped.
 */
int inherited_read_capabilities(struct inherited *inherited,
				struct error *error);

#endif
