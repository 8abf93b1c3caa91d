/* The values of --mount, --tmpfs, --mask and --protect: Docker's grammar. */
#include "setup/mounts/mount_grammar.h"

#include <string.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/text.h"
#include "setup/mounts/planned_mounts.h"
#include "sys/mount_request.h"

/* --- Docker's keys --- */

/* VALUE is NULL where a key has none. */
typedef const char *read_key(struct plan_mount *mount, const char *key,
			     const char *value);

static const char *read_type(struct plan_mount *mount, const char *key,
			     const char *value)
{
	(void)key;
	for (enum mount_kind kind = 0; kind < MOUNT_KINDS; kind++) {
		if (strcmp(value, mount_kind_names[kind]))
			continue;
		mount->kind = kind;
		return NULL;
	}
	return "no such type (write bind, tmpfs, proc, sysfs, devpts, mqueue, "
	       "overlay)";
}

static const char *read_path(const char **path, const char *key,
			     const char *value)
{
	*path = value;
	if (*value == '/')
		return NULL;
	return arena_printf("%s is not an absolute path", key);
}

static const char *read_source(struct plan_mount *mount, const char *key,
			       const char *value)
{
	return read_path(&mount->source, key, value);
}

static const char *read_target(struct plan_mount *mount, const char *key,
			       const char *value)
{
	return read_path(&mount->target, key, value);
}

static const char *read_lower(struct plan_mount *mount, const char *key,
			      const char *value)
{
	return read_path(&mount->lower, key, value);
}

static const char *read_upper(struct plan_mount *mount, const char *key,
			      const char *value)
{
	return read_path(&mount->upper, key, value);
}

static const char *read_work(struct plan_mount *mount, const char *key,
			     const char *value)
{
	return read_path(&mount->work, key, value);
}

static const char *read_readonly(struct plan_mount *mount, const char *key,
				 const char *value)
{
	(void)key;
	if (!value || !strcmp(value, "true") || !strcmp(value, "1")) {
		mount->attributes |= MOUNT_ATTR_RDONLY;
		return NULL;
	}
	if (!strcmp(value, "false") || !strcmp(value, "0"))
		return NULL;
	return "readonly is true or false";
}

static const char *read_recursive(struct plan_mount *mount, const char *key,
				  const char *value)
{
	(void)key;
	mount->not_recursive = !strcmp(value, "disabled");
	if (mount->not_recursive || !strcmp(value, "enabled"))
		return NULL;
	return "bind-recursive is enabled or disabled";
}

static const struct {
	const char *name;
	read_key *read;
	bool needs_value;
} keys[] = {
	{ "type", read_type, true },
	{ "source", read_source, true },
	{ "src", read_source, true },
	{ "target", read_target, true },
	{ "destination", read_target, true },
	{ "dst", read_target, true },
	{ "readonly", read_readonly, false },
	{ "ro", read_readonly, false },
	{ "bind-recursive", read_recursive, true },
	{ "lowerdir", read_lower, true },
	{ "upperdir", read_upper, true },
	{ "workdir", read_work, true },
};

/* --- mount(8)'s words for the attributes of a mount --- */

static const struct {
	const char *word;
	unsigned int set, clear;
} attribute_words[] = {
	{ "ro", MOUNT_ATTR_RDONLY, 0 },     { "rw", 0, MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID, 0 }, { "suid", 0, MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV, 0 },   { "dev", 0, MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC, 0 }, { "exec", 0, MOUNT_ATTR_NOEXEC },
};

/* --- the file systems' own options --- */

/*
 * Those that rind passes on to the kernel, under KERNEL_NAME; any other is
 * refused.
 */
static const struct {
	enum mount_kind kind;
	const char *name;
	const char *kernel_name;
	bool needs_value; /* else it takes none */
} filesystem_options[] = {
	{ MOUNT_TMPFS, "size", "size", true },
	{ MOUNT_TMPFS, "tmpfs-size", "size", true }, /* Docker's --mount */
	{ MOUNT_TMPFS, "mode", "mode", true },
	{ MOUNT_TMPFS, "tmpfs-mode", "mode", true }, /* Docker's --mount */
	{ MOUNT_TMPFS, "uid", "uid", true },
	{ MOUNT_TMPFS, "gid", "gid", true },
	{ MOUNT_TMPFS, "nr_inodes", "nr_inodes", true },
	{ MOUNT_PROC, "hidepid", "hidepid", true },
	{ MOUNT_PROC, "subset", "subset", true },
	{ MOUNT_DEVPTS, "newinstance", "newinstance", false },
	{ MOUNT_DEVPTS, "ptmxmode", "ptmxmode", true },
	{ MOUNT_DEVPTS, "mode", "mode", true },
	{ MOUNT_DEVPTS, "gid", "gid", true },
	{ MOUNT_DEVPTS, "uid", "uid", true },
	{ MOUNT_OVERLAY, "userxattr", "userxattr", false },
	{ MOUNT_OVERLAY, "metacopy", "metacopy", true },
	{ MOUNT_OVERLAY, "index", "index", true },
};

/* --- items --- */

/* "KEY" or "KEY=VALUE", cut in two in memory of its own. */
struct item {
	const char *key;
	const char *value; /* NULL: there is no "=" */
};

static struct item cut_item(const char *text)
{
	char *key = arena_strdup(text);
	char *equals = strchr(key, '=');

	if (equals)
		*equals++ = '\0';
	return (struct item){ .key = key, .value = equals };
}

static void add_data(struct text *data, const char *name, const char *value)
{
	text_addf(data, "%s%s", data->length ? "," : "", name);
	if (value)
		text_addf(data, "=%s", value);
}

static const char *take_filesystem_option(struct plan_mount *mount,
					  const struct item *item)
{
	bool has_value = item->value && *item->value;

	for (size_t i = 0; i < ARRAY_LENGTH(filesystem_options); i++) {
		bool value_fits = filesystem_options[i].needs_value
					  ? has_value
					  : !item->value;

		if (filesystem_options[i].kind != mount->kind || !value_fits ||
		    strcmp(item->key, filesystem_options[i].name))
			continue;
		add_data(&mount->data, filesystem_options[i].kernel_name,
			 item->value);
		return NULL;
	}
	return "no such option for this type of mount (see --mount in rind(8))";
}

static const char *take_option(struct plan_mount *mount,
			       const struct item *item)
{
	for (size_t i = 0; i < ARRAY_LENGTH(attribute_words); i++) {
		if (item->value || strcmp(item->key, attribute_words[i].word))
			continue;
		mount->attributes |= attribute_words[i].set;
		mount->attributes &= ~attribute_words[i].clear;
		return NULL;
	}
	return take_filesystem_option(mount, item);
}

static const char *take_key(struct plan_mount *mount, const struct item *item)
{
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		if (strcmp(item->key, keys[i].name))
			continue;
		if (keys[i].needs_value && !item->value)
			return "a key without a value";
		return keys[i].read(mount, item->key, item->value);
	}
	return take_option(mount, item);
}

/* Which options are allowed depends on the type, wherever it stands. */
static const char *take_type_alone(struct plan_mount *mount,
				   const struct item *item)
{
	if (strcmp(item->key, "type") || !item->value)
		return NULL;
	return read_type(mount, item->key, item->value);
}

typedef const char *take_item(struct plan_mount *mount,
			      const struct item *item);

/* Calls TAKE for each item of VALUE, between commas, until one is refused. */
static const char *take_items(struct plan_mount *mount, const char *value,
			      take_item *take)
{
	char *rest = arena_strdup(value);
	const char *text;
	const char *reason = NULL;

	while (!reason && (text = strsep(&rest, ","))) {
		struct item item = cut_item(text);

		reason = *text ? take(mount, &item) : "an empty item";
	}
	return reason;
}

/* --- whole mounts --- */

/*
 * As the engines mount them. A bind mount has what its source has; the layers
 * of an overlay are an image's, as a --root is: see attach_root().
 */
static const unsigned int default_attributes[MOUNT_KINDS] = {
	[MOUNT_TMPFS] = MOUNT_ATTRS_DATA_ONLY,
	[MOUNT_PROC] = MOUNT_ATTRS_DATA_ONLY,
	[MOUNT_SYSFS] = MOUNT_ATTRS_DATA_ONLY,
	[MOUNT_DEVPTS] = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
	[MOUNT_MQUEUE] = MOUNT_ATTRS_DATA_ONLY,
	[MOUNT_OVERLAY] = MOUNT_ATTR_NODEV,
};

/* Absolute, without "." and "..", so that it is the same path to everybody. */
static const char *check_target(const char *target)
{
	if (*target != '/')
		return "the target is not an absolute path";
	while (*target) {
		size_t length = strcspn(target, "/");

		if ((length == 1 && target[0] == '.') ||
		    (length == 2 && target[0] == '.' && target[1] == '.'))
			return "\".\" or \"..\" in the target";
		target += length;
		target += strspn(target, "/");
	}
	return NULL;
}

static const char *check_overlay(const struct plan_mount *mount)
{
	bool has_upper = mount->upper;
	bool has_work = mount->work;

	if (mount->source)
		return "only a bind mount has a source";
	if (!mount->lower)
		return "overlay, and no other type, has a lowerdir";
	if (has_upper != has_work)
		return "upperdir and workdir go together";
	return NULL;
}

static const char *check_other(const struct plan_mount *mount)
{
	if (mount->kind == MOUNT_BIND && !mount->source)
		return "a bind mount without a source";
	if (mount->kind != MOUNT_BIND && mount->source)
		return "only a bind mount has a source";
	if (mount->lower)
		return "overlay, and no other type, has a lowerdir";
	if (mount->upper || mount->work)
		return "upperdir and workdir are for overlay";
	if (mount_is_root(mount))
		return "only an overlay can be the new root (write --root=DIR)";
	return NULL;
}

static const char *check_mount(const struct plan_mount *mount)
{
	const char *reason;

	if (!mount->target)
		return "no target (add target=/PATH)";
	reason = check_target(mount->target);
	if (reason)
		return reason;
	return mount->kind == MOUNT_OVERLAY ? check_overlay(mount)
					    : check_other(mount);
}

static struct plan_mount *new_mount(const char *value)
{
	struct plan_mount *mount = arena_alloc(sizeof(*mount));
	/* The items that are passed on are never longer than they were. */
	size_t size = strlen(value) + sizeof("...");

	mount->data = text_in(arena_alloc(size), size);
	return mount;
}

const char *mount_read(const char *value, struct plan_mount **mount)
{
	const char *reason;

	*mount = new_mount(value);
	reason = take_items(*mount, value, take_type_alone);
	if (reason)
		return reason;
	(*mount)->attributes = default_attributes[(*mount)->kind];
	reason = take_items(*mount, value, take_key);
	return reason ? reason : check_mount(*mount);
}

const char *tmpfs_read(const char *value, struct plan_mount **mount)
{
	size_t length = strcspn(value, ":");
	const char *reason = NULL;

	*mount = new_mount(value);
	(*mount)->kind = MOUNT_TMPFS;
	(*mount)->by_tmpfs = true;
	(*mount)->target = arena_strndup(value, length);
	(*mount)->attributes = default_attributes[MOUNT_TMPFS];
	if (value[length])
		reason = take_items(*mount, value + length + 1, take_option);
	return reason ? reason : check_mount(*mount);
}

const char *covered_path_read(const char *value, struct plan_mount **mount)
{
	const char *reason;

	*mount = new_mount(value);
	(*mount)->target = value;
	reason = check_target(value);
	if (reason)
		return reason;
	return mount_is_root(*mount) ? "the root itself has --read-only" : NULL;
}
