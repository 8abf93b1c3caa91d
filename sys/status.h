/*
 * What the kernel tells of one process: its ids (credentials(7)), its
 * capability sets (capabilities(7)), how it is confined and who traces it
 * (proc_pid_status(5)). Nothing is guessed: what the kernel does not tell is
 * not known.
 */
#ifndef RIND_SYS_STATUS_H
#define RIND_SYS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/capset.h"

struct known_number {
	bool known;
	uint64_t value; /* 0 where it is not known */
};

enum {
	ID_REAL,
	ID_EFFECTIVE,
	ID_SAVED,
	ID_FILE_SYSTEM,
	IDS,
};

struct known_ids {
	bool known; /* all four, or none */
	uint32_t id[IDS];
};

struct known_groups {
	bool known;
	const gid_t *gids; /* of the arena */
	size_t count;
};

struct process_status {
	struct known_number pid; /* as the /proc counts that told it */
	struct known_number innermost_pid; /* in its own PID namespace */
	struct known_number parent_pid;    /* 0: outside of that /proc's PIDs */
	struct known_number tracer_pid;    /* 0: nobody traces it */
	struct known_ids uids;
	struct known_ids gids;
	struct known_groups groups;                /* supplementary */
	struct known_number capabilities[CAPSETS]; /* by enum capset */
	struct known_number securebits; /* of another process never known */
	struct known_number no_new_privs;
	struct known_number seccomp_mode; /* SECCOMP_MODE_* of seccomp(2) */
	struct known_number seccomp_filters;
	/* Whether processes of its user may look into it: PR_SET_DUMPABLE */
	struct known_number dumpable;
};

/*
 * Reads the status of this very process into *STATUS, by system calls, which
 * need no /proc. PROC is its directory in /proc, or -1: what only /proc tells
 * (its parent, its tracer, how many filters there are) is known by it alone.
 */
void status_read_own(int proc, struct process_status *status);

/*
 * Reads the status of another process, whose directory in /proc is PROC. Where
 * it has ended in the meantime, or may not be asked, nothing is known.
 */
void status_read(int proc, struct process_status *status);

/* Puts what TEXT, a /proc/PID/status, tells into *STATUS; the rest stays. */
void status_parse(const char *text, struct process_status *status);

#endif
