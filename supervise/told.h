/* Who has been sent a signal: no process gets the stop twice. */
#ifndef RIND_SUPERVISE_TOLD_H
#define RIND_SUPERVISE_TOLD_H

#include <stdbool.h>
#include <sys/types.h>

/* All who were sent SIGNAL, but for those who ignore it. */
struct told {
	int signal;
	pid_t group; /* the members of this process group; 0: everyone */
};

/* Whether PID is one of them; nobody is where TOLD is NULL. */
bool was_told(const struct told *told, pid_t pid);

#endif
