/* The kinds of namespaces that Linux has (namespaces(7)). */
#ifndef RIND_SYS_NAMESPACE_KINDS_H
#define RIND_SYS_NAMESPACE_KINDS_H

#include <stdbool.h>

struct namespace_kind {
	const char *name;      /* in rind's options: "mount" */
	const char *proc_name; /* in /proc/PID/ns: "mnt" */
	unsigned int flag;     /* CLONE_NEW* of clone(2) and unshare(2) */
	/*
	 * Whether the machine's first one has had a reserved inode before Linux
	 * 6.18, too (include/linux/proc_ns.h).
	 */
	bool always_reserved;
};

enum {
	NAMESPACE_KINDS = 8
};

extern const struct namespace_kind namespace_kinds[NAMESPACE_KINDS];

/* That of FLAG, which is one of the table's. */
const struct namespace_kind *namespace_kind_of_flag(unsigned int flag);

#endif
