/* The options of the mounts: rows, and what each puts into the plan. */
#include <sched.h>

#include "setup/mounts/mount_grammar.h"
#include "setup/setup.h"

static void append(struct plan_mount **list, struct plan_mount *mount)
{
	while (*list)
		list = &(*list)->next;
	*list = mount;
}

static const char *read_mount(struct plan *plan, const char *value)
{
	struct plan_mount *mount;
	const char *reason = mount_read(value, &mount);

	if (!reason)
		append(&plan->mounts.mounts, mount);
	return reason;
}

static const char *read_tmpfs(struct plan *plan, const char *value)
{
	struct plan_mount *mount;
	const char *reason = tmpfs_read(value, &mount);

	if (!reason)
		append(&plan->mounts.mounts, mount);
	return reason;
}

static const char *read_mask(struct plan *plan, const char *value)
{
	struct plan_mount *path;
	const char *reason = covered_path_read(value, &path);

	if (!reason)
		append(&plan->mounts.masks, path);
	return reason;
}

static const char *read_protect(struct plan *plan, const char *value)
{
	struct plan_mount *path;
	const char *reason = covered_path_read(value, &path);

	if (!reason)
		append(&plan->mounts.protects, path);
	return reason;
}

/* A tmpfs may be asked for by --mount or by --tmpfs: each empties its own. */
static void remove_mounts(struct plan_mount **list, bool by_tmpfs)
{
	while (*list)
		if ((*list)->by_tmpfs == by_tmpfs)
			*list = (*list)->next;
		else
			list = &(*list)->next;
}

static void clear_mounts(struct plan *plan)
{
	remove_mounts(&plan->mounts.mounts, false);
}

static void clear_tmpfs(struct plan *plan)
{
	remove_mounts(&plan->mounts.mounts, true);
}

static void clear_masks(struct plan *plan)
{
	plan->mounts.masks = NULL;
}

static void clear_protects(struct plan *plan)
{
	plan->mounts.protects = NULL;
}

static const char *read_root(struct plan *plan, const char *value)
{
	plan->mounts.root = value;
	return *value ? NULL : "no directory is named";
}

static bool *standard_mounts_field(struct plan *plan)
{
	return &plan->mounts.standard;
}

static bool *read_only_field(struct plan *plan)
{
	return &plan->mounts.read_only;
}

static const struct option mounts_options[] = {
	{ .name = "root",
	  .metavar = "DIR",
	  .help = "make DIR the root file system (pivot_root)",
	  .kind = OPTION_VALUE,
	  .read = read_root,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "standard-mounts",
	  .help = "mount /proc, /sys, /dev, /tmp, ... where missing",
	  .kind = OPTION_SWITCH,
	  .field = standard_mounts_field,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "mount",
	  .metavar = "type=T,target=D,...",
	  .help = "mount as Docker does: bind, tmpfs, proc, overlay, ...",
	  .kind = OPTION_VALUE,
	  .read = read_mount,
	  .clear = clear_mounts,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "tmpfs",
	  .metavar = "PATH[:OPTIONS]",
	  .help = "mount a tmpfs, as Docker does",
	  .kind = OPTION_VALUE,
	  .read = read_tmpfs,
	  .clear = clear_tmpfs,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "read-only",
	  .help = "make the root file system read-only",
	  .kind = OPTION_SWITCH,
	  .field = read_only_field,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "mask",
	  .metavar = "PATH",
	  .help = "hide PATH",
	  .kind = OPTION_VALUE,
	  .read = read_mask,
	  .clear = clear_masks,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "protect",
	  .metavar = "PATH",
	  .help = "make PATH read-only",
	  .kind = OPTION_VALUE,
	  .read = read_protect,
	  .clear = clear_protects,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
};

const struct option_table mounts_option_table = OPTION_TABLE(GROUP_FILE_SYSTEM,
							     mounts_options);
