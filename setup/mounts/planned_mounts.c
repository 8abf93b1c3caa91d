/* What the plan's mounts say about the root and about a path. */
#include "setup/mounts/planned_mounts.h"

#include <string.h>

#include "setup/mounts/overlay.h"

/* Whether PATH is nothing but slashes, or empty. */
static bool is_slashes(const char *path)
{
	return path[strspn(path, "/")] == '\0';
}

bool mount_is_root(const struct plan_mount *mount)
{
	return is_slashes(mount->target);
}

const struct plan_mount *planned_root_overlay(const struct plan *plan)
{
	const struct plan_mount *mount = plan->mounts.mounts;

	/* Parsing refuses every other kind on "/". */
	while (mount && !mount_is_root(mount))
		mount = mount->next;
	return mount;
}

const char *planned_root(const struct plan *plan)
{
	const struct plan_mount *overlay = planned_root_overlay(plan);

	if (plan->mounts.root || !overlay)
		return plan->mounts.root;
	return overlay_top_layer(overlay);
}

bool planned_mount_on(const struct plan *plan, const char *path)
{
	const struct plan_mount *mount = plan->mounts.mounts;
	size_t length = strlen(path);

	for (; mount; mount = mount->next)
		if (!strncmp(mount->target, path, length) &&
		    is_slashes(mount->target + length))
			return true;
	return false;
}
