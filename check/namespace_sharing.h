/* Whose namespaces a process lives in (namespaces(7)). */
#ifndef RIND_CHECK_NAMESPACE_SHARING_H
#define RIND_CHECK_NAMESPACE_SHARING_H

#include <stdbool.h>

#include "check/checked_process.h"
#include "sys/namespace_kinds.h"

enum sharing {
	SHARING_UNKNOWN,
	SHARED_WITH_HOST,   /* the machine's first one */
	SHARED_WITH_PARENT, /* its parent's */
	SHARED_WITH_PID1,   /* that of PID 1 of the same /proc */
	SHARED_WITH_NONE,   /* its own */
	NO_NAMESPACE,       /* this kernel has none of the kind */
};

struct namespace_sharing {
	enum sharing with;
	bool is_not_hosts; /* it is known not to be the machine's first one */
};

/* With whom PROCESS shares its namespace of KIND. */
struct namespace_sharing
namespace_sharing_of(const struct checked_process *process,
		     const struct namespace_kind *kind);

#endif
