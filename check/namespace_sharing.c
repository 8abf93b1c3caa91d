/* Whose namespaces a process lives in, told by their inodes (namespaces(7)). */
#include "check/namespace_sharing.h"

#include <errno.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "check/judges.h"
#include "lib/arena.h"
#include "sys/kernel_text.h"

/*
 * The first namespace of a kind has an inode below the numbers that later ones
 * get (include/linux/proc_ns.h). Net and mnt have such a one since Linux 6.18;
 * before that a high number tells nothing about them.
 */
#define FIRST_DYNAMIC 0xF0000000U

static bool kernel_reserves_all(void)
{
	struct utsname name;
	const char *at = name.release;
	uint64_t major;
	uint64_t minor;

	if (uname(&name) || !kernel_text_number(&at, 10, &major) ||
	    *at++ != '.' || !kernel_text_number(&at, 10, &minor))
		return false;
	return major > 6 || (major == 6 && minor >= 18);
}

/*
 * The inode of the namespace at PATH, from the directory PROC unless it is
 * absolute; 0 where it cannot be asked for, with errno.
 */
static uint64_t inode_at(int proc, const char *path)
{
	struct stat status;

	return fstatat(proc, path, &status, 0) ? 0 : status.st_ino;
}

static uint64_t own_inode(const struct checked_process *process,
			  const struct namespace_kind *kind)
{
	return inode_at(process->proc, arena_printf("ns/%s", kind->proc_name));
}

static uint64_t inode_of_pid(uint64_t pid, const struct namespace_kind *kind)
{
	return inode_at(-1,
			arena_printf("/proc/%llu/ns/%s",
				     (unsigned long long)pid, kind->proc_name));
}

/* PID 1 of the machine's first PID namespace is in all the first ones. */
static bool pid1_is_hosts(const struct checked_process *process)
{
	uint64_t inode = own_inode(process,
				   namespace_kind_of_flag(CLONE_NEWPID));

	return inode && inode < FIRST_DYNAMIC;
}

/* OWN is the inode of PROCESS' namespace. */
static enum sharing compare_inodes(const struct checked_process *process,
				   const struct namespace_kind *kind,
				   uint64_t own, bool is_not_hosts)
{
	const struct process_status *status = &process->status;
	bool is_pid1 = status->pid.value == 1;
	bool has_parent = status->parent_pid.value != 0;
	uint64_t parents = 0;
	uint64_t pid1s = 0;

	if (own < FIRST_DYNAMIC)
		return SHARED_WITH_HOST;
	if (!status->pid.known || !status->parent_pid.known)
		return SHARING_UNKNOWN;
	if (has_parent)
		parents = inode_of_pid(status->parent_pid.value, kind);
	if (!is_pid1)
		pid1s = inode_of_pid(1, kind);
	if (own == parents)
		return SHARED_WITH_PARENT;
	if (own == pid1s)
		return SHARED_WITH_PID1;
	/* A parent outside of the PID namespace cannot be asked. */
	if (has_parent ? !parents : !is_not_hosts)
		return SHARING_UNKNOWN;
	/* Nor can PID 1, by others than root; the host's need not be. */
	if (!is_pid1 && !pid1s && !(is_not_hosts && pid1_is_hosts(process)))
		return SHARING_UNKNOWN;
	return SHARED_WITH_NONE;
}

struct namespace_sharing
namespace_sharing_of(const struct checked_process *process,
		     const struct namespace_kind *kind)
{
	struct namespace_sharing sharing = { SHARING_UNKNOWN, false };
	uint64_t own;

	if (process->proc < 0)
		return sharing;
	own = own_inode(process, kind);
	if (!own) {
		if (errno == ENOENT)
			sharing.with = NO_NAMESPACE;
		return sharing;
	}
	sharing.is_not_hosts = own >= FIRST_DYNAMIC &&
			       (kind->always_reserved || kernel_reserves_all());
	sharing.with = compare_inodes(process, kind, own, sharing.is_not_hosts);
	return sharing;
}

enum verdict judge_namespaces(const struct checked_process *process,
			      struct values *values)
{
	static const char *const words[] = {
		[SHARING_UNKNOWN] = "unknown",   [SHARED_WITH_HOST] = "host",
		[SHARED_WITH_PARENT] = "parent", [SHARED_WITH_PID1] = "pid1",
		[SHARED_WITH_NONE] = "own",
	};
	bool any_hosts = false;
	bool all_known = true;

	if (process->proc < 0)
		return VERDICT_UNKNOWN;
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_kind *kind = &namespace_kinds[i];
		struct namespace_sharing sharing = namespace_sharing_of(process,
									kind);

		if (sharing.with == NO_NAMESPACE)
			continue;
		value_add(values, arena_printf("%s=", kind->proc_name),
			  words[sharing.with]);
		any_hosts = any_hosts || sharing.with == SHARED_WITH_HOST;
		all_known = all_known && sharing.is_not_hosts;
	}
	if (any_hosts)
		return VERDICT_WEAK;
	return all_known ? VERDICT_GOOD : VERDICT_UNKNOWN;
}
