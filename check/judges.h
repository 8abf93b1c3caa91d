/* The functions behind the rows of --check: one shows and judges one thing. */
#ifndef RIND_CHECK_JUDGES_H
#define RIND_CHECK_JUDGES_H

#include "check/checked_process.h"
#include "check/values.h"
#include "check/verdict.h"

/*
 * Adds what is the case to *VALUES, which comes empty, and returns how good
 * that is. What cannot be known is VERDICT_UNKNOWN, never something better.
 */
typedef enum verdict judge(const struct checked_process *process,
			   struct values *values);

/* status_rows.c: what the process' status tells. */
judge judge_process, judge_uids, judge_gids, judge_groups;
judge judge_permitted, judge_effective, judge_inheritable, judge_bounding,
	judge_ambient;
judge judge_securebits, judge_no_new_privs, judge_seccomp;
judge judge_dumpable, judge_tracer;

/* proc_rows.c: what other files of /proc tell. */
judge judge_lsm, judge_uid_map, judge_gid_map, judge_ptrace_scope;

/* A file for each of these. */
judge judge_namespaces;
judge judge_root, judge_writable_mounts, judge_memory_mounts;
judge judge_unmasked, judge_unprotected;
judge judge_descriptors;
judge judge_cgroup;

#endif
