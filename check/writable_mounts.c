/* Where a process can write. */
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "check/judges.h"
#include "check/mount_list.h"

/* Returns whether there is such a mount, or -1 where that cannot be known. */
static int add_writable(const struct checked_process *process, bool storage,
			struct values *values)
{
	struct mounts mounts;
	int found = 0;

	if (!mounts_read(process->proc, &mounts))
		return -1;
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *mount = &mounts.list[i];

		if (mount_is_storage(mount) != storage ||
		    !mount_is_writable(&mounts, mount))
			continue;
		value_add(values, NULL, mount->point);
		found = 1;
	}
	return found;
}

/* What is written there outlives the process. */
enum verdict judge_writable_mounts(const struct checked_process *process,
				   struct values *values)
{
	int found = add_writable(process, true, values);

	if (found < 0)
		return VERDICT_UNKNOWN;
	return found ? VERDICT_WEAK : VERDICT_GOOD;
}

enum verdict judge_memory_mounts(const struct checked_process *process,
				 struct values *values)
{
	if (add_writable(process, false, values) < 0)
		return VERDICT_UNKNOWN;
	return VERDICT_NONE;
}

enum verdict judge_root(const struct checked_process *process,
			struct values *values)
{
	struct statfs system;
	bool readonly;

	if (process->root < 0 || fstatfs(process->root, &system))
		return VERDICT_UNKNOWN;
	readonly = system.f_flags & ST_RDONLY;
	value_add(values, NULL, readonly ? "read-only" : "writable");
	return readonly ? VERDICT_GOOD : VERDICT_WEAK;
}
