/* Whose namespaces a process lives in (namespaces(7)). */
#ifndef RIND_CHECK_SHARING_H
#define RIND_CHECK_SHARING_H

#include "check/facts.h"

enum {
	NAMESPACES = 8
};

enum sharing {
	SHARING_UNKNOWN,
	SHARED_HOST,   /* the machine's first one */
	SHARED_PARENT, /* its parent's */
	SHARED_PID1,   /* that of PID 1 of the same /proc */
	SHARED_NOT,    /* its own */
	NO_NAMESPACE,  /* this kernel has none of the kind */
};

struct ns {
	enum sharing sharing;
	bool not_host; /* it is known not to be the machine's first one */
};

/* The kernel's word for kind 0 to NAMESPACES - 1: "user", "mnt", … */
const char *namespace_name(int kind);

struct ns namespace_of(const struct process *process, int kind);

#endif
