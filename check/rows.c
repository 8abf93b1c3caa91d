/* The rows of --check. */
#include "check/rows.h"

#include "check/judges.h"

static const struct {
	const char *name;
	judge *judge;
} rows[ROWS] = {
	[ROW_PROCESS] = { "process", judge_process },
	[ROW_UIDS] = { "uids", judge_uids },
	[ROW_GIDS] = { "gids", judge_gids },
	[ROW_GROUPS] = { "groups", judge_groups },
	[ROW_PERMITTED] = { "permitted", judge_permitted },
	[ROW_EFFECTIVE] = { "effective", judge_effective },
	[ROW_INHERITABLE] = { "inheritable", judge_inheritable },
	[ROW_BOUNDING] = { "bounding", judge_bounding },
	[ROW_AMBIENT] = { "ambient", judge_ambient },
	[ROW_SECUREBITS] = { "securebits", judge_securebits },
	[ROW_NEW_PRIVS] = { "no-new-privs", judge_no_new_privs },
	[ROW_SECCOMP] = { "seccomp", judge_seccomp },
	[ROW_LSM] = { "lsm", judge_lsm },
	[ROW_NAMESPACES] = { "namespaces", judge_namespaces },
	[ROW_UID_MAP] = { "uid-map", judge_uid_map },
	[ROW_GID_MAP] = { "gid-map", judge_gid_map },
	[ROW_ROOT] = { "root", judge_root },
	[ROW_WRITABLE] = { "writable-mounts", judge_writable_mounts },
	[ROW_MEMORY] = { "memory-mounts", judge_memory_mounts },
	[ROW_UNMASKED] = { "unmasked", judge_unmasked },
	[ROW_UNPROTECTED] = { "unprotected", judge_unprotected },
	[ROW_DESCRIPTORS] = { "descriptors", judge_descriptors },
	[ROW_DUMPABLE] = { "dumpable", judge_dumpable },
	[ROW_TRACER] = { "tracer", judge_tracer },
	[ROW_PTRACE_SCOPE] = { "ptrace-scope", judge_ptrace_scope },
	[ROW_CGROUP] = { "cgroup", judge_cgroup },
};

const char *row_name(enum row row)
{
	return rows[row].name;
}

enum verdict row_judge(enum row row, const struct checked_process *process,
		       struct values *values)
{
	return rows[row].judge(process, values);
}
