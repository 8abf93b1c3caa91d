/* The grammar of --mount, --tmpfs and what goes with them: Docker's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "setup/mount_api.h"
#include "setup/rooms.h"

static const char *const kinds[MOUNT_KINDS] = {
	[MOUNT_BIND] = "bind",       [MOUNT_TMPFS] = "tmpfs",
	[MOUNT_PROC] = "proc",       [MOUNT_SYSFS] = "sysfs",
	[MOUNT_DEVPTS] = "devpts",   [MOUNT_MQUEUE] = "mqueue",
	[MOUNT_OVERLAY] = "overlay",
};

static const char *const no_memory = "out of memory";

/* One item, "key" or "key=value", taken into MOUNT; returns what is wrong. */
typedef const char *take_item(struct plan_mount *mount, const char *value);

static const char *take_type(struct plan_mount *mount, const char *value)
{
	for (int i = 0; i < MOUNT_KINDS; i++) {
		if (strcmp(value, kinds[i]))
			continue;
		mount->kind = (enum mount_kind)i;
		return NULL;
	}
	return "no such type (bind, tmpfs, proc, sysfs, devpts, mqueue, "
	       "overlay)";
}

static const char *take_source(struct plan_mount *mount, const char *value)
{
	mount->source = value;
	return *value == '/' ? NULL : "the source is not an absolute path";
}

static const char *take_target(struct plan_mount *mount, const char *value)
{
	mount->target = value;
	return NULL; /* checked with all the others */
}

static const char *take_lower(struct plan_mount *mount, const char *value)
{
	mount->lower = value;
	return *value == '/' ? NULL : "lowerdir is not an absolute path";
}

static const char *take_upper(struct plan_mount *mount, const char *value)
{
	mount->upper = value;
	return *value == '/' ? NULL : "upperdir is not an absolute path";
}

static const char *take_work(struct plan_mount *mount, const char *value)
{
	mount->work = value;
	return *value == '/' ? NULL : "workdir is not an absolute path";
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

static const struct {
	char name[16];
	take_item *take;
	char value; /* '!': needs one, '?': may have one */
} items[] = {
	{ "type", take_type, '!' },
	{ "source", take_source, '!' },
	{ "src", take_source, '!' },
	{ "target", take_target, '!' },
	{ "destination", take_target, '!' },
	{ "dst", take_target, '!' },
	{ "readonly", take_readonly, '?' },
	{ "ro", take_readonly, '?' },
	{ "bind-recursive", take_recursive, '!' },
	{ "lowerdir", take_lower, '!' },
	{ "upperdir", take_upper, '!' },
	{ "workdir", take_work, '!' },
};

/* mount(8)'s words for a mount's attributes. */
static const struct {
	char name[8];
	unsigned int set, clear;
} words[] = {
	{ "ro", ATTR_RDONLY, 0 },     { "rw", 0, ATTR_RDONLY },
	{ "nosuid", ATTR_NOSUID, 0 }, { "suid", 0, ATTR_NOSUID },
	{ "nodev", ATTR_NODEV, 0 },   { "dev", 0, ATTR_NODEV },
	{ "noexec", ATTR_NOEXEC, 0 }, { "exec", 0, ATTR_NOEXEC },
};

/* What goes to the file system itself; anything else is refused. */
static const struct {
	enum mount_kind kind;
	char name[16]; /* with "=": needs a value */
	char as[16];
} passed[] = {
	{ MOUNT_TMPFS, "size=", "size=" },
	{ MOUNT_TMPFS, "mode=", "mode=" },
	{ MOUNT_TMPFS, "uid=", "uid=" },
	{ MOUNT_TMPFS, "gid=", "gid=" },
	{ MOUNT_TMPFS, "nr_inodes=", "nr_inodes=" },
	{ MOUNT_TMPFS, "tmpfs-size=", "size=" },
	{ MOUNT_TMPFS, "tmpfs-mode=", "mode=" },
	{ MOUNT_PROC, "hidepid=", "hidepid=" },
	{ MOUNT_PROC, "subset=", "subset=" },
	{ MOUNT_DEVPTS, "newinstance", "newinstance" },
	{ MOUNT_DEVPTS, "ptmxmode=", "ptmxmode=" },
	{ MOUNT_DEVPTS, "mode=", "mode=" },
	{ MOUNT_DEVPTS, "gid=", "gid=" },
	{ MOUNT_DEVPTS, "uid=", "uid=" },
	{ MOUNT_OVERLAY, "userxattr", "userxattr" },
	{ MOUNT_OVERLAY, "metacopy=", "metacopy=" },
	{ MOUNT_OVERLAY, "index=", "index=" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *pass_data(struct plan_mount *mount, const char *item)
{
	for (size_t i = 0; i < COUNT(passed); i++) {
		size_t length = strlen(passed[i].name);
		bool valued = passed[i].name[length - 1] == '=';
		size_t size = strlen(item) + sizeof(passed[i].as);
		struct text text;
		char *data;

		if (passed[i].kind != mount->kind ||
		    strncmp(item, passed[i].name, length) ||
		    (item[length] == '\0') == valued)
			continue;
		data = malloc(size);
		if (!data)
			return no_memory;
		text = text_in(data, size);
		text_add(&text, passed[i].as);
		text_add(&text, item + length);
		return list_add(&mount->data, data) ? no_memory : NULL;
	}
	return "no such option for this type of mount (see --mount in rind(8))";
}

static const char *take_word(struct plan_mount *mount, const char *item)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(item, words[i].name))
			continue;
		mount->attributes |= words[i].set;
		mount->attributes &= ~words[i].clear;
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
		if (strlen(items[i].name) != length ||
		    memcmp(items[i].name, item, length))
			continue;
		if (!value && items[i].value == '!')
			return "a key without a value";
		return items[i].take(mount, value);
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

static void append(struct plan_mount **list, struct plan_mount *mount)
{
	while (*list)
		list = &(*list)->next;
	*list = mount;
}

/* Takes the comma-separated TEXT apart; the type has to be known first. */
static const char *take_items(struct plan_mount *mount, const char *text,
			      take_item *take)
{
	char *rest = strdup(text);
	char *item;
	const char *wrong = rest ? NULL : no_memory;

	while (!wrong && (item = strsep(&rest, ",")))
		wrong = *item ? take(mount, item) : "an empty item";
	return wrong;
}

static const char *take_only_type(struct plan_mount *mount, const char *item)
{
	return strncmp(item, "type=", 5) ? NULL : take_type(mount, item + 5);
}

static int read_mount(struct plan *plan, const char *value, const char **reason)
{
	struct plan_mount *mount = calloc(1, sizeof(*mount));

	*reason = mount ? take_items(mount, value, take_only_type) : no_memory;
	/* Its layers are an image's, as a --root is: see root_setup(). */
	if (!*reason && mount->kind == MOUNT_OVERLAY)
		mount->attributes = ATTR_NODEV;
	if (!*reason)
		*reason = take_items(mount, value, take_mount_item);
	if (!*reason)
		*reason = check_target(mount->target);
	if (!*reason)
		*reason = check_mount(mount);
	if (*reason)
		return -1;
	append(&plan->mounts.mounts, mount);
	return 0;
}

/* Docker's defaults for --tmpfs. */
static int read_tmpfs(struct plan *plan, const char *value, const char **reason)
{
	struct plan_mount *mount = calloc(1, sizeof(*mount));
	size_t length = strcspn(value, ":");

	if (!mount || !(mount->target = strndup(value, length))) {
		*reason = no_memory;
		return -1;
	}
	mount->kind = MOUNT_TMPFS;
	mount->attributes = ATTR_NOSUID | ATTR_NODEV | ATTR_NOEXEC;
	*reason = check_target(mount->target);
	if (!*reason && value[length])
		*reason = take_items(mount, value + length + 1, take_word);
	if (!*reason)
		*reason = check_mount(mount);
	if (*reason)
		return -1;
	append(&plan->mounts.mounts, mount);
	return 0;
}

static int add_path(struct plan_mount **list, const char *value,
		    const char **reason)
{
	struct plan_mount *path;

	*reason = check_target(value);
	if (!*reason && is_root(value))
		*reason = "the root itself has --read-only";
	if (*reason)
		return -1;
	path = calloc(1, sizeof(*path));
	if (!path) {
		*reason = no_memory;
		return -1;
	}
	path->target = value;
	append(list, path);
	return 0;
}

static int read_mask(struct plan *plan, const char *value, const char **reason)
{
	return add_path(&plan->mounts.masks, value, reason);
}

static int read_protect(struct plan *plan, const char *value,
			const char **reason)
{
	return add_path(&plan->mounts.protects, value, reason);
}

static int read_root(struct plan *plan, const char *value, const char **reason)
{
	plan->mounts.root = value;
	if (*value)
		return 0;
	*reason = "no directory is named";
	return -1;
}

static const struct option options[] = {
	{ .name = "root\0DIR\0make DIR the root (pivot_root)",
	  .read = read_root },
	{ .name = "standard-mounts\0\0"
		  "finish what is missing: /proc, /sys, /dev, /tmp ...",
	  .flag = offsetof(struct plan, mounts.standard) },
	{ .name = "mount\0type=T,target=D,...\0"
		  "Docker's --mount: bind, tmpfs, proc, overlay, ...",
	  .read = read_mount,
	  .adds_up = true },
	{ .name = "tmpfs\0PATH[:OPTIONS]\0Docker's --tmpfs",
	  .read = read_tmpfs,
	  .adds_up = true },
	{ .name = "read-only\0\0the root file system read-only",
	  .flag = offsetof(struct plan, mounts.read_only) },
	{ .name = "mask\0PATH\0hide a path",
	  .read = read_mask,
	  .adds_up = true },
	{ .name = "protect\0PATH\0make a path read-only",
	  .read = read_protect,
	  .adds_up = true },
};

const struct facility mounts_facility = { GROUP_FILE_SYSTEM, OPTIONS(options) };
