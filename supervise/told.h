/* Who has been sent a signal: no process gets the stop twice. */
#ifndef RIND_SUPERVISE_TOLD_H
#define RIND_SUPERVISE_TOLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* All who were sent SIGNAL, but for those who ignore it or began later. */
struct told {
	int signal;
	pid_t group;  /* the members of this process group; 0: everyone */
	int64_t when; /* told_now() when it was sent */
};

/* The present moment, in the unit of proc_pid_stat(5)'s starttime. */
int64_t told_now(void);

/* Whether PID is one of them; nobody is where TOLD is NULL. */
bool was_told(const struct told *told, pid_t pid);

#endif
