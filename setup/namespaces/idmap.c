/* The maps of a user namespace: read, filled in, and checked. */
#include "setup/namespaces/idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "setup/identity/user_lookup.h"
#include "setup/mounts/mounts_root.h"
#include "setup/namespaces/idmap_parts.h"
#include "setup/namespaces/unshare.h"
#include "setup/steps.h"
#include "sys/capset.h"
#include "sys/passwd.h"
#include "sys/procfs.h"

static const char grammar[] = "not a map (INSIDE:OUTSIDE:COUNT)";

/* Reads one field of a map up to its colon or the end. */
static const char *read_field(const char *text, uint32_t *value)
{
	char copy[12] = "";
	size_t length = strcspn(text, ":");
	unsigned long number;

	if (length >= sizeof(copy))
		return NULL;
	memcpy(copy, text, length);
	if (number_read(copy, ID_MAX, &number))
		return NULL;
	*value = (uint32_t)number;
	return text + length;
}

static const char *read_map(struct plan_map **list, const char *value)
{
	struct plan_map *map = arena_alloc(sizeof(*map));
	const char *at = value;

	if (!(at = read_field(at, &map->inside)) || *at++ != ':' ||
	    !(at = read_field(at, &map->outside)) || *at++ != ':' ||
	    !(at = read_field(at, &map->count)) || *at || !map->count)
		return grammar;
	if (map->count - 1 > ID_MAX - map->inside ||
	    map->count - 1 > ID_MAX - map->outside)
		return "the range ends beyond 4294967294";
	while (*list)
		list = &(*list)->next;
	*list = map;
	return NULL;
}

static const char *read_uid_map(struct plan *plan, const char *value)
{
	return read_map(&plan->namespaces.uid_map, value);
}

static const char *read_gid_map(struct plan *plan, const char *value)
{
	return read_map(&plan->namespaces.gid_map, value);
}

static const struct option idmap_options[] = {
	{ .name = "uid-map",
	  .metavar = "IN:OUT:COUNT",
	  .help = "the uids of a new user namespace (see rind(8))",
	  .kind = OPTION_VALUE,
	  .read = read_uid_map,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWUSER },
	{ .name = "gid-map",
	  .metavar = "IN:OUT:COUNT",
	  .help = "the same for gids",
	  .kind = OPTION_VALUE,
	  .read = read_gid_map,
	  .repeatable = true,
	  .needs_namespace = CLONE_NEWUSER },
};

const struct option_table idmap_option_table = OPTION_TABLE(GROUP_NAMESPACES,
							    idmap_options);

const struct id_kind id_kinds[2] = {
	{ "--uid-map", "/etc/subuid", "/usr/bin/newuidmap", "uid_map",
	  "/proc/self/uid_map", CAP_SETUID },
	{ "--gid-map", "/etc/subgid", "/usr/bin/newgidmap", "gid_map",
	  "/proc/self/gid_map", CAP_SETGID },
};

const struct plan_map *idmap_of(const struct plan *plan,
				const struct id_kind *kind)
{
	return kind == &id_kinds[0] ? plan->namespaces.uid_map
				    : plan->namespaces.gid_map;
}

void idmap_describe(const struct plan_map *map, struct text *text,
		    const char *between)
{
	text_addf(text, "%u%s%u%s%u", map->inside, between, map->outside,
		  between, map->count);
}

bool idmap_is_single(const struct plan_map *map, uint32_t own)
{
	return !map->next && map->count == 1 && map->outside == own;
}

bool idmap_may_write(const struct id_kind *kind,
		     const struct inherited *inherited)
{
	return inherited->effective & capset_bit(kind->cap);
}

static int wrong(const struct id_kind *kind, const struct plan_map *map,
		 const char *reason, const char *cure, struct error *error)
{
	char object[64];
	struct text text = text_in(object, sizeof(object));

	text_add(&text, kind->option);
	text_add(&text, "=");
	idmap_describe(map, &text, ":");
	return error_set(error, "namespaces", object, reason, cure);
}

static bool overlap(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return a <= b ? b - a < a_count : a - b < b_count;
}

static int check_lines(const struct id_kind *kind, const struct plan_map *map,
		       struct error *error)
{
	int lines = 0;

	for (; map; map = map->next) {
		if (++lines > LINES_MAX)
			return wrong(kind, map,
				     "more lines than the kernel's 340", NULL,
				     error);
		for (const struct plan_map *b = map->next; b; b = b->next)
			if (overlap(map->inside, map->count, b->inside,
				    b->count) ||
			    overlap(map->outside, map->count, b->outside,
				    b->count))
				return wrong(kind, b,
					     "overlaps with another map", NULL,
					     error);
	}
	return 0;
}

/* Cuts LINE at SEPARATORS into its first three words, if it has them. */
static bool split(char *line, const char *separators, const char *column[3])
{
	int i = 0;

	for (char *word; i < 3 && (word = strsep(&line, separators));)
		if (*word)
			column[i++] = word;
	return i == 3;
}

/*
 * Whether a line of FILE covers the outside ids of MAP. Without OWNERS the
 * lines are those of a uid_map, "INSIDE OUTSIDE COUNT"; with them, those of
 * subuid(5), "OWNER:FIRST:COUNT", and the owner must be one of the two.
 */
static bool grants(struct file *file, const char *const owners[2],
		   const struct plan_map *map)
{
	char *rest = file->data;
	char *line;
	int terminated;

	while ((line = line_next(&rest, &terminated))) {
		const char *column[3];
		unsigned long from;
		unsigned long count;

		if (split(line, owners ? ":" : " ", column) &&
		    (!owners || !strcmp(column[0], owners[0]) ||
		     !strcmp(column[0], owners[1])) &&
		    !number_read(column[owners ? 1 : 0], UINT32_MAX, &from) &&
		    !number_read(column[2], UINT32_MAX, &count) &&
		    map->outside >= from &&
		    (unsigned long)map->outside + map->count <= from + count)
			return true;
	}
	return false;
}

bool idmap_knows_gid(uint32_t gid)
{
	const struct plan_map map = { .outside = gid, .count = 1 };
	struct file file;
	bool known;

	if (procfs_read(id_kinds[1].own, &file))
		return false;
	known = grants(&file, NULL, &map);
	file_free(&file);
	return known;
}

static int read_own(const struct id_kind *kind, struct file *file,
		    struct error *error)
{
	return procfs_read(kind->own, file)
		       ? error_errno(error, "namespaces", kind->own,
				     "is /proc mounted?")
		       : 0;
}

/* As root: what is mapped where rind is now. */
static int check_as_root(const struct id_kind *kind, const struct plan_map *map,
			 struct error *error)
{
	for (; map; map = map->next) {
		struct file file;
		bool ours;

		if (read_own(kind, &file, error))
			return -1;
		ours = grants(&file, NULL, map);
		file_free(&file);
		if (!ours)
			return wrong(kind, map,
				     "the outside ids do not exist here",
				     "they must be mapped in rind's own user "
				     "namespace",
				     error);
	}
	return 0;
}

/* As a user: rind's own id alone, or what /etc/subuid grants its user. */
static int check_as_user(const struct id_kind *kind, const struct plan_map *map,
			 uint32_t own, uid_t uid, struct error *error)
{
	struct passwd_entry entry = { .name = "" };
	char number[16];
	struct text text = text_in(number, sizeof(number));
	const char *owners[2] = { number, "" };

	if (idmap_is_single(map, own))
		return 0;
	if (passwd_by_uid(-1, uid, &entry, error) < 0)
		return -1;
	text_addf(&text, "%u", uid);
	owners[1] = entry.name;
	for (; map; map = map->next) {
		struct file file;
		bool granted = map->count == 1 && map->outside == own;

		if (!granted && !file_read(kind->subordinate, &file)) {
			granted = grants(&file, owners, map);
			file_free(&file);
		}
		if (!granted)
			return wrong(kind, map, "the outside ids are not ours",
				     "/etc/subuid and /etc/subgid grant a user "
				     "more than its own",
				     error);
	}
	return 0;
}

/* Root keeps all ids that it has, each as itself. */
static int map_all(const struct id_kind *kind, struct plan_map **list,
		   struct error *error)
{
	struct file file;
	char *rest;
	char *line;
	int terminated;

	if (read_own(kind, &file, error))
		return -1;
	rest = file.data;
	while ((line = line_next(&rest, &terminated))) {
		struct plan_map *map = arena_alloc(sizeof(*map));
		const char *column[3];
		unsigned long first;
		unsigned long count;

		if (!split(line, " ", column) ||
		    number_read(column[0], UINT32_MAX, &first) ||
		    number_read(column[2], UINT32_MAX, &count))
			return error_set(error, "namespaces", kind->own,
					 "cannot be understood", NULL);
		map->inside = map->outside = (uint32_t)first;
		map->count = (uint32_t)count;
		*list = map;
		list = &map->next;
	}
	file_free(&file);
	return 0;
}

/*
 * The one id that a user owns can be root inside, or, where --user names one of
 * the image's users, that: nobody else exists in there then.
 */
static int map_own(const struct plan *plan, const struct inherited *inherited,
		   struct plan_map maps[2], struct error *error)
{
	const char *path = mounts_root(plan);
	struct identity id = { 0 };
	int root = open(path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	if (plan->identity.user && root >= 0)
		result = user_look_up_inside(root, &plan->identity, &id, error);
	if (root >= 0)
		close(root);
	maps[0] = (struct plan_map){ id.uid, inherited->uid, 1, NULL };
	maps[1] = (struct plan_map){ id.gid, inherited->gid, 1, NULL };
	return result;
}

static int fill_in(struct plan *plan, const struct inherited *inherited,
		   struct error *error)
{
	static struct plan_map own[2];
	struct plan_namespaces *n = &plan->namespaces;

	if (idmap_may_write(&id_kinds[0], inherited) &&
	    idmap_may_write(&id_kinds[1], inherited))
		return (!n->uid_map &&
			map_all(&id_kinds[0], &n->uid_map, error)) ||
		       (!n->gid_map &&
			map_all(&id_kinds[1], &n->gid_map, error));
	if (n->uid_map && n->gid_map)
		return 0;
	if (map_own(plan, inherited, own, error))
		return -1;
	if (!n->uid_map)
		n->uid_map = &own[0];
	if (!n->gid_map)
		n->gid_map = &own[1];
	return 0;
}

int idmap_prepare(struct plan *plan, const struct inherited *inherited,
		  struct error *error)
{
	struct plan_namespaces *n = &plan->namespaces;

	if (!(n->unshare & CLONE_NEWUSER))
		return 0;
	if (fill_in(plan, inherited, error))
		return -1;
	for (int i = 0; i < 2; i++) {
		const struct plan_map *map = idmap_of(plan, &id_kinds[i]);
		uint32_t own = i ? inherited->gid : inherited->uid;

		if (check_lines(&id_kinds[i], map, error) ||
		    (idmap_may_write(&id_kinds[i], inherited)
			     ? check_as_root(&id_kinds[i], map, error)
			     : check_as_user(&id_kinds[i], map, own,
					     inherited->uid, error)))
			return -1;
	}
	return 0;
}

int setup_check_namespaces(struct plan *plan, const struct inherited *inherited,
			   struct error *error)
{
	return namespaces_check(plan, error) ||
			       idmap_prepare(plan, inherited, error)
		       ? -1
		       : 0;
}
