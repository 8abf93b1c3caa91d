/*
 * What is the case about one process, as the kernel tells it (proc(5); for this
 * very process mostly system calls, which need no /proc). Each of these returns
 * false where it cannot be known: nothing is ever guessed.
 */
#ifndef RIND_CHECK_FACTS_H
#define RIND_CHECK_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"
#include "sys/capset.h"

struct process {
	bool own; /* the one that asks */
	int proc; /* its directory in /proc, or -1 */
	int root; /* its root directory (O_PATH), or -1 */
	/* /proc/PID/status; of this process what system calls tell, before */
	const char *status;
};

/*
 * Opens the process of the id PID, or this one where PID is NULL. Returns 0, or
 * -1 with *ERROR where there is no such process or no /proc to find it in.
 */
int process_open(struct process *process, const char *pid, struct error *error);

/* What stands behind NAME, "\nUid:", in its status; NULL where nothing does. */
const char *fact_text(const struct process *process, const char *name);

/* The same where that is a decimal number. */
bool fact(const struct process *process, const char *name, uint64_t *number);

/* Its id, as /proc counts; and its id in its own PID namespace. */
bool fact_pid(const struct process *process, uint64_t *pid);
bool fact_inner_pid(const struct process *process, uint64_t *pid);
bool fact_caps(const struct process *process, enum capset which, uint64_t *set);

/* PR_SET_DUMPABLE(2const): whether processes of its user can look into it. */
bool fact_dumpable(const struct process *process, bool *dumpable);

/*
 * Reads all of NAME below DIRECTORY into memory that arena_alloc(3) gave, with
 * a NUL behind it. NULL with errno.
 */
char *read_at(int directory, const char *name);

/* Takes the next number off *AT, within the line. False where there is none. */
bool scan_number(const char **at, unsigned int base, uint64_t *number);

#endif
