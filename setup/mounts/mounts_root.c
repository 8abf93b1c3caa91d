/* What becomes the root. */
#include "setup/mounts/mounts_root.h"

#include <string.h>

#include "setup/mounts/overlay.h"

bool mounts_is_root(const struct plan_mount *mount)
{
	return !mount->target[strspn(mount->target, "/")];
}

/* An overlay that is to be the root itself, or NULL. */
const struct plan_mount *mounts_root_overlay(const struct plan *plan)
{
	for (const struct plan_mount *m = plan->mounts.mounts; m; m = m->next)
		if (mounts_is_root(m))
			return m;
	return NULL;
}

const char *mounts_root(const struct plan *plan)
{
	const struct plan_mount *overlay = mounts_root_overlay(plan);

	if (plan->mounts.root || !overlay)
		return plan->mounts.root;
	return overlay_top(overlay);
}
