/* The kinds of namespaces that Linux has. */
#include "sys/namespace_kinds.h"

#include "sys/kernel_constants.h"

const struct namespace_kind namespace_kinds[NAMESPACE_KINDS] = {
	{ "user", "user", CLONE_NEWUSER, true },
	{ "mount", "mnt", CLONE_NEWNS, false },
	{ "pid", "pid", CLONE_NEWPID, true },
	{ "net", "net", CLONE_NEWNET, false },
	{ "ipc", "ipc", CLONE_NEWIPC, true },
	{ "uts", "uts", CLONE_NEWUTS, true },
	{ "cgroup", "cgroup", CLONE_NEWCGROUP, true },
	{ "time", "time", CLONE_NEWTIME, true },
};

const struct namespace_kind *namespace_kind_of_flag(unsigned int flag)
{
	const struct namespace_kind *kind = namespace_kinds;

	while (kind->flag != flag)
		kind++;
	return kind;
}
