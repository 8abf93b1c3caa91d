/* The grammar of --mount, --tmpfs and what goes with them: Docker's. */
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/arena.h"
#include "lib/text.h"
#include "setup/steps.h"
#include "sys/mount_api.h"

/* One item, "key" or "key=value", taken into MOUNT; returns what is wrong. */
typedef const char *take_item(struct plan_mount *mount, const char *value);

static const char *take_type(struct plan_mount *mount, const char *value)
{
	for (int i = 0; i < MOUNT_KINDS; i++) {
		if (strcmp(value, mount_types[i]))
			continue;
		mount->kind = (enum mount_kind)i;
		return NULL;
	}
	return "no such type (bind, tmpfs, proc, sysfs, devpts, mqueue, "
	       "overlay)";
}

static const char *take_readonly(struct plan_mount *mount, const char *value)
{
	if (!value || !strcmp(value, "true") || !strcmp(value, "1"))
		mount->attributes |= ATTR_RDONLY;
	else if (strcmp(value, "false") && strcmp(value, "0"))
		return "readonly is true or false";
	return NULL;
}

static const char *take_recursive(struct plan_mount *mount, const char *value)
{
	mount->not_recursive = !strcmp(value, "disabled");
	return mount->not_recursive || !strcmp(value, "enabled")
		       ? NULL
		       : "bind-recursive is enabled or disabled";
}

static const char *take_path(const char **path, const char *key,
			     const char *value)
{
	char wrong[48];
	struct text text = text_in(wrong, sizeof(wrong));

	*path = value;
	if (*value == '/')
		return NULL;
	text_add(&text, key);
	text_add(&text, " is not an absolute path");
	return arena_strdup(wrong);
}

#define FIELD(name) offsetof(struct plan_mount, name)

/* Docker's keys, and the field of struct plan_mount that each sets. */
static const struct {
	char name[15];
	uint8_t field;
} items[] = {
	{ "type", FIELD(kind) },
	{ "source", FIELD(source) },
	{ "src", FIELD(source) },
	{ "target", FIELD(target) },
	{ "destination", FIELD(target) },
	{ "dst", FIELD(target) },
	{ "readonly", FIELD(attributes) },
	{ "ro", FIELD(attributes) },
	{ "bind-recursive", FIELD(not_recursive) },
	{ "lowerdir", FIELD(lower) },
	{ "upperdir", FIELD(upper) },
	{ "workdir", FIELD(work) },
};

/*
 * mount(8)'s words for a mount's attributes: two for each, to set and to clear
 * it, in the order of the attributes' bits.
 */
static const char attribute_words[][7] = { "ro",    "rw",  "nosuid", "suid",
					   "nodev", "dev", "noexec", "exec" };

/*
 * What goes to the file system itself; anything else is refused. With "=" it
 * needs a value.
 */
static const struct {
	uint8_t kind; /* enum mount_kind */
	char name[12];
} passed[] = {
	{ MOUNT_TMPFS, "size=" },       { MOUNT_TMPFS, "mode=" },
	{ MOUNT_TMPFS, "uid=" },        { MOUNT_TMPFS, "gid=" },
	{ MOUNT_TMPFS, "nr_inodes=" },  { MOUNT_PROC, "hidepid=" },
	{ MOUNT_PROC, "subset=" },      { MOUNT_DEVPTS, "newinstance" },
	{ MOUNT_DEVPTS, "ptmxmode=" },  { MOUNT_DEVPTS, "mode=" },
	{ MOUNT_DEVPTS, "gid=" },       { MOUNT_DEVPTS, "uid=" },
	{ MOUNT_OVERLAY, "userxattr" }, { MOUNT_OVERLAY, "metacopy=" },
	{ MOUNT_OVERLAY, "index=" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *pass_data(struct plan_mount *mount, const char *item)
{
	/* Docker's words for two of them, tmpfs-size and tmpfs-mode. */
	if (mount->kind == MOUNT_TMPFS && (!strncmp(item, "tmpfs-size=", 11) ||
					   !strncmp(item, "tmpfs-mode=", 11)))
		item += sizeof("tmpfs-") - 1;
	for (size_t i = 0; i < COUNT(passed); i++) {
		const char *name = passed[i].name;
		size_t length = strlen(name);
		bool valued = name[length - 1] == '=';

		if (passed[i].kind != mount->kind ||
		    strncmp(item, name, length) ||
		    (item[length] == '\0') == valued)
			continue;
		if (mount->data.length)
			text_add(&mount->data, ",");
		text_add(&mount->data, item);
		return NULL;
	}
	return "no such option for this type of mount (see --mount in rind(8))";
}

static const char *take_word(struct plan_mount *mount, const char *item)
{
	for (unsigned int i = 0; i < COUNT(attribute_words); i++) {
		unsigned int attribute = 1U << i / 2;

		if (strcmp(item, attribute_words[i]))
			continue;
		mount->attributes |= attribute;
		if (i & 1)
			mount->attributes ^= attribute;
		return NULL;
	}
	return pass_data(mount, item);
}

/* A --mount's item: Docker's keys first. */
static const char *take_mount_item(struct plan_mount *mount, const char *item)
{
	size_t length = strcspn(item, "=");
	const char *value = item[length] ? item + length + 1 : NULL;

	for (size_t i = 0; i < COUNT(items); i++) {
		const char *key = items[i].name;
		size_t field = items[i].field;

		if (strlen(key) != length || memcmp(key, item, length))
			continue;
		if (field == FIELD(attributes))
			return take_readonly(mount, value);
		if (!value)
			return "a key without a value";
		if (field == FIELD(kind))
			return take_type(mount, value);
		if (field == FIELD(not_recursive))
			return take_recursive(mount, value);
		return take_path((void *)((char *)mount + field), key, value);
	}
	return take_word(mount, item);
}

/* "/", however many. */
static bool is_root(const char *target)
{
	return !target[strspn(target, "/")];
}

/* Absolute, no "." or ".." in it, no double meaning. */
static const char *check_target(const char *target)
{
	const char *part = target;

	if (!target || *target != '/')
		return "the target is not an absolute path";
	while (*part) {
		size_t length = strcspn(part, "/");

		if ((length == 1 || length == 2) && !memcmp(part, "..", length))
			return "\".\" or \"..\" in the target";
		part += length + (part[length] == '/');
	}
	return NULL;
}

static const char *check_mount(const struct plan_mount *mount)
{
	bool overlay = mount->kind == MOUNT_OVERLAY;

	if (mount->kind == MOUNT_BIND && !mount->source)
		return "a bind mount without a source";
	if (mount->kind != MOUNT_BIND && mount->source)
		return "only a bind mount has a source";
	if (overlay != (mount->lower != NULL))
		return "overlay, and no other type, has a lowerdir";
	if (!overlay && (mount->upper || mount->work))
		return "upperdir and workdir are for overlay";
	if (!mount->upper != !mount->work)
		return "upperdir and workdir go together";
	if (!overlay && is_root(mount->target))
		return "only an overlay can be the new root (--root=DIR)";
	return NULL;
}

static const char *check_cover(const struct plan_mount *mount)
{
	return is_root(mount->target) ? "the root itself has --read-only"
				      : NULL;
}

typedef const char *check_fn(const struct plan_mount *mount);

/* Puts it into LIST, unless something is WRONG with it, which is returned. */
static const char *add_mount(struct plan_mount **list, struct plan_mount *mount,
			     check_fn *check_it, const char *wrong)
{
	if (!wrong)
		wrong = check_target(mount->target);
	if (!wrong)
		wrong = check_it(mount);
	if (wrong)
		return wrong;
	while (*list)
		list = &(*list)->next;
	*list = mount;
	return NULL;
}

/* Takes the comma-separated TEXT apart; the type has to be known first. */
static const char *take_items(struct plan_mount *mount, const char *text,
			      take_item *take)
{
	char *rest = arena_strdup(text);
	char *item;
	const char *wrong = NULL;

	while (!wrong && (item = strsep(&rest, ",")))
		wrong = *item ? take(mount, item) : "an empty item";
	return wrong;
}

static const char *take_only_type(struct plan_mount *mount, const char *item)
{
	return strncmp(item, "type=", 5) ? NULL : take_type(mount, item + 5);
}

/* No item becomes longer than it stands in VALUE. */
static struct plan_mount *new_mount(const char *value)
{
	struct plan_mount *mount = arena_alloc(sizeof(*mount));
	size_t size = strlen(value) + 4;

	mount->data = text_in(arena_alloc(size), size);
	return mount;
}

static const char *read_mount(struct plan *plan, const char *value)
{
	struct plan_mount *mount = new_mount(value);
	const char *wrong = take_items(mount, value, take_only_type);

	/* Its layers are an image's, as a --root is: see root_setup(). */
	if (mount->kind == MOUNT_OVERLAY)
		mount->attributes = ATTR_NODEV;
	if (!wrong)
		wrong = take_items(mount, value, take_mount_item);
	return add_mount(&plan->mounts.mounts, mount, check_mount, wrong);
}

/* Docker's defaults for --tmpfs. */
static const char *read_tmpfs(struct plan *plan, const char *value)
{
	struct plan_mount *mount = new_mount(value);
	size_t length = strcspn(value, ":");
	const char *wrong = NULL;

	mount->target = arena_strndup(value, length);
	mount->kind = MOUNT_TMPFS;
	mount->attributes = ATTR_NORMAL;
	if (value[length])
		wrong = take_items(mount, value + length + 1, take_word);
	return add_mount(&plan->mounts.mounts, mount, check_mount, wrong);
}

static const char *add_path(struct plan_mount **list, const char *value)
{
	struct plan_mount *path = new_mount(value);

	path->target = value;
	return add_mount(list, path, check_cover, NULL);
}

static const char *read_mask(struct plan *plan, const char *value)
{
	return add_path(&plan->mounts.masks, value);
}

static const char *read_protect(struct plan *plan, const char *value)
{
	return add_path(&plan->mounts.protects, value);
}

static const char *read_root(struct plan *plan, const char *value)
{
	plan->mounts.root = value;
	if (*value)
		return NULL;
	return "no directory is named";
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
	  .help = "make DIR the root (pivot_root)",
	  .kind = OPTION_VALUE,
	  .read = read_root,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "standard-mounts",
	  .help = "finish what is missing: /proc, /sys, /dev, /tmp ...",
	  .kind = OPTION_SWITCH,
	  .field = standard_mounts_field,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "mount",
	  .metavar = "type=T,target=D,...",
	  .help = "Docker's --mount: bind, tmpfs, proc, overlay, ...",
	  .kind = OPTION_VALUE,
	  .read = read_mount,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "tmpfs",
	  .metavar = "PATH[:OPTIONS]",
	  .help = "Docker's --tmpfs",
	  .kind = OPTION_VALUE,
	  .read = read_tmpfs,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "read-only",
	  .help = "the root file system read-only",
	  .kind = OPTION_SWITCH,
	  .field = read_only_field,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "mask",
	  .metavar = "PATH",
	  .help = "hide a path",
	  .kind = OPTION_VALUE,
	  .read = read_mask,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
	{ .name = "protect",
	  .metavar = "PATH",
	  .help = "make a path read-only",
	  .kind = OPTION_VALUE,
	  .read = read_protect,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWNS },
};

const struct option_table mounts_option_table = OPTION_TABLE(GROUP_FILE_SYSTEM,
							     mounts_options);
