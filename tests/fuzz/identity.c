/* passwd(5), group(5), subuid(5) and the maps of a user namespace. */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "lib/arena.h"
#include "setup/steps.h"
#include "sys/id_map.h"
#include "sys/ids.h"
#include "sys/passwd.h"

/* The value of the line "NAME=VALUE" of LIST, or NULL. */
static const char *value_of(const struct list *list, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < list->length; i++)
		if (!strncmp(list->items[i], name, length) &&
		    list->items[i][length] == '=')
			return list->items[i] + length + 1;
	return NULL;
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* Field NUMBER of LINE, "" where it has not so many. */
static const char *field(const char *line, int number)
{
	while (number-- && (line = strchr(line, ':')))
		line++;
	return line ? arena_strndup(line, strcspn(line, ":")) : "";
}

/* Whether GROUP has a whole line of this gid that lists USER. */
static bool lists(const struct list *group, gid_t gid, const char *user)
{
	for (size_t i = 0; i < group->length; i++) {
		char *members = arena_strdup(field(group->items[i], 3));
		char *member;

		if (*field(group->items[i], 4) ||
		    !is_number(field(group->items[i], 2)) ||
		    strtoul(field(group->items[i], 2), NULL, 10) != gid)
			continue;
		while ((member = strsep(&members, ",")))
			if (*member && !strcmp(member, user))
				return true;
	}
	return false;
}

static bool is_listed(const struct list *passwd, const struct identity *id)
{
	for (size_t i = 0; i < passwd->length; i++)
		if (!strcmp(field(passwd->items[i], 0), id->name) &&
		    is_number(field(passwd->items[i], 2)) &&
		    is_number(field(passwd->items[i], 3)) &&
		    strtoul(field(passwd->items[i], 2), NULL, 10) == id->uid)
			return true;
	return false;
}

/*
 * Who was found is in the file, root only where root was named, and a group is
 * the user's own or one that lists the user.
 */
static void check_identity(const struct plan *plan, const struct identity *id,
			   const struct list *passwd, const struct list *group)
{
	char *user = arena_strndup(plan->identity.user,
				   strcspn(plan->identity.user, ":"));
	bool one_sided = !strchr(plan->identity.user, ':') ||
			 !plan->identity.user[strlen(user) + 1];

	if (id->uid == (uid_t)-1 || id->gid == (gid_t)-1)
		wrong("an id that is none to the kernel");
	if (!id->uid && *user && strcmp(user, "root") && !is_number(user))
		wrong("%s has become root", user);
	if (id->name && !*id->name)
		wrong("a user without a name");
	if (id->listed && !is_listed(passwd, id))
		wrong("no line for user %s (%u)", id->name, id->uid);
	if (*user && !is_number(user) && strcmp(user, id->name))
		wrong("%s has become %s", user, id->name);
	if (is_number(user) && strtoul(user, NULL, 10) != id->uid)
		wrong("%s has become %u", user, id->uid);
	if (plan->identity.groups)
		return;
	for (size_t i = 0; i < id->group_count; i++) {
		if (i && id->groups[i - 1] >= id->groups[i])
			wrong("the groups are not in order");
		if (id->groups[i] != id->gid &&
		    (!one_sided || !id->listed ||
		     !lists(group, id->groups[i], id->name)))
			wrong("%s has got group %u", plan->identity.user,
			      id->groups[i]);
	}
}

/*
 * "user=USER[:GROUP]" and "groups=", or "tool=NAME" and words of that tool's
 * command line; then passwd, then group.
 */
void run_passwd(const struct target *target, char *input, size_t size)
{
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list options = words_of(part, length);
	struct inherited inherited = { .by_root = true, .effective = ~0ULL };
	const char *tool = value_of(&options, "tool");
	struct list argv = { 0 };
	struct plan plan;
	struct app app = { .plan = &plan, .inherited = &inherited };
	struct error error;
	struct list passwd;

	list_add(&argv, tool ? tool : "rind");
	for (size_t i = 0; i < options.length; i++)
		if (!tool && is_about(target, options.items[i]))
			list_add(&argv, arena_printf("--%s", options.items[i]));
		else if (tool && strncmp(options.items[i], "tool=", 5))
			list_add(&argv, options.items[i]);
	list_add(&argv, "app");
	if (!read_words(argv, &plan))
		return;
	part = next_part(&input, &size, &length);
	add_file("/etc/passwd", part, length);
	add_file("/etc/group", input, size);
	passwd = words_of(part, length);
	if (user_prepare(&app, &error)) {
		check_error(&error);
	} else if (plan.identity.user && !tool) {
		struct list group = words_of(input, size);

		check_identity(&plan, &app.identity, &passwd, &group);
	}
}

/* COUNT ids from FIRST on lie in one of LINES, which begins in FIRST_COLUMN. */
static bool covers(const struct list *lines, const char *separators,
		   int first_column, unsigned long long first,
		   unsigned long long count)
{
	for (size_t i = 0; i < lines->length; i++) {
		char *line = arena_strdup(lines->items[i]);
		const char *word[3];
		unsigned long long from;
		int words = 0;

		for (char *at; words < 3 && (at = strsep(&line, separators));)
			if (*at)
				word[words++] = at;
		if (words < 3 || !is_number(word[first_column]) ||
		    !is_number(word[2]))
			continue;
		from = strtoull(word[first_column], NULL, 10);
		if (from <= first &&
		    first + count <= from + strtoull(word[2], NULL, 10))
			return true;
	}
	return false;
}

static bool meet(unsigned long long a, unsigned long long a_count,
		 unsigned long long b, unsigned long long b_count)
{
	return a < b + b_count && b < a + a_count;
}

/* As the kernel has it, and nothing that is not rind's to give. */
static void check_maps(const struct id_map *map, const struct list *lines,
		       bool root, uint32_t own)
{
	for (; map; map = map->next) {
		if (!map->count ||
		    (unsigned long long)map->inside + map->count > ID_MAX + 1 ||
		    (unsigned long long)map->outside + map->count > ID_MAX + 1)
			wrong("a map of %u from %u", map->count, map->outside);
		for (const struct id_map *b = map->next; b; b = b->next)
			if (meet(map->inside, map->count, b->inside,
				 b->count) ||
			    meet(map->outside, map->count, b->outside,
				 b->count))
				wrong("maps that overlap");
		if (!(map->count == 1 && map->outside == own) &&
		    !covers(lines, root ? " " : ":", !root, map->outside,
			    map->count))
			wrong("%u of %u are not ours", map->outside,
			      map->count);
	}
}

/*
 * "root" or another first line says who rind is; options follow. Then the map
 * of rind's own namespace (as root) or subuid, one for both kinds of id.
 */
void run_id_map(const struct target *target, char *input, size_t size)
{
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list options = words_of(part, length);
	bool root = options.length && !strcmp(options.items[0], "root");
	struct inherited inherited = { .effective = root ? ~0ULL : 0,
				       .uid = root ? 0 : 1000,
				       .gid = root ? 0 : 1000,
				       .by_root = root };
	struct list argv = { 0 };
	struct plan plan;
	struct error error;
	struct list lines;
	const struct id_map *given[2];

	list_add(&argv, "rind");
	list_add(&argv, "--unshare=user");
	for (size_t i = 0; i < options.length; i++) {
		char *word = options.items[i];

		if (strchr(word, '=') && is_about(target, word))
			list_add(&argv, arena_printf("--%s", word));
	}
	list_add(&argv, "app");
	if (!read_words(argv, &plan))
		return;
	add_file(root ? "/proc/self/uid_map" : "/etc/subuid", input, size);
	add_file(root ? "/proc/self/gid_map" : "/etc/subgid", input, size);
	lines = words_of(input, size);
	given[0] = plan.namespaces.uid_map;
	given[1] = plan.namespaces.gid_map;
	if (setup_check_namespaces(&plan, &inherited, &error)) {
		check_error(&error);
		return;
	}
	if (!(plan.namespaces.unshare & CLONE_NEWUSER))
		return;
	/* Where none is given root keeps what the kernel says that it has. */
	check_maps(given[0], &lines, root, inherited.uid);
	check_maps(given[1], &lines, root, inherited.gid);
	for (unsigned int gid = 0; gid < 3; gid++)
		if (gid_is_mapped(gid) && !covers(&lines, " ", 0, gid, 1))
			wrong("gid %u is known", gid);
}
