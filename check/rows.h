/* The rows of --check. */
#ifndef RIND_CHECK_ROWS_H
#define RIND_CHECK_ROWS_H

#include "check/checked_process.h"
#include "check/values.h"
#include "check/verdict.h"

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

/* Fills *VALUES, which comes empty, with what ROW shows, and judges it. */
enum verdict row_judge(enum row row, const struct checked_process *process,
		       struct values *values);

#endif
