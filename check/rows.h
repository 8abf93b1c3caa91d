/* The rows of --check, as data. */
#ifndef RIND_CHECK_ROWS_H
#define RIND_CHECK_ROWS_H

#include "check/facts.h"
#include "check/values.h"

/* In the order of the table. */
enum row {
	ROW_PROCESS,
	ROW_UIDS,
	ROW_GIDS,
	ROW_GROUPS,
	ROW_PERMITTED,
	ROW_EFFECTIVE,
	ROW_INHERITABLE,
	ROW_BOUNDING,
	ROW_AMBIENT,
	ROW_SECUREBITS,
	ROW_NEW_PRIVS,
	ROW_SECCOMP,
	ROW_LSM,
	ROW_NAMESPACES,
	ROW_UID_MAP,
	ROW_GID_MAP,
	ROW_ROOT,
	ROW_WRITABLE,
	ROW_MEMORY,
	ROW_UNMASKED,
	ROW_UNPROTECTED,
	ROW_DESCRIPTORS,
	ROW_DUMPABLE,
	ROW_TRACER,
	ROW_PTRACE_SCOPE,
	ROW_CGROUP,
	ROWS,
};

/* The name of a row, the same in the table, in JSON and in messages. */
const char *row_name(enum row row);

/* Fills *VALUES, which comes empty. */
enum verdict row_look(enum row row, const struct process *process,
		      struct values *values);

/* A set of capabilities by their names, as the rows show it. */
void values_add_caps(struct values *values, uint64_t set);

/* WHAT of the rows of ids and of their maps. */
enum {
	UIDS,
	GIDS,
};

/*
 * The rooms of the rows that are more than a field of /proc/PID/status. WHAT is
 * the row's own parameter.
 */
typedef enum verdict look(const struct process *process, int what,
			  struct values *values);
look look_namespaces, look_descriptors, look_root, look_mounts, look_paths,
	look_cgroup;

/* WHAT of look_mounts() and of look_paths(). */
enum {
	MOUNTS_STORAGE, /* what is written there outlives the process */
	MOUNTS_MEMORY,
};
enum {
	PATHS_MASKED,
	PATHS_PROTECTED,
};

#endif
