/* All of a plan as text, so that two can be compared and their difference read.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/parser.h"
#include "fuzz.h"

struct sink {
	char data[1 << 20];
	size_t length;
};

static void put(struct sink *sink, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct sink *sink, const char *format, ...)
{
	size_t room = sizeof(sink->data) - sink->length;
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(sink->data + sink->length, room, format, list);
	va_end(list);
	if (length < 0 || (size_t)length >= room)
		wrong("a plan too long to be written down");
	sink->length += (size_t)length;
}

/* With its length, so that no byte in it can pass for another field. */
static void put_string(struct sink *sink, const char *name, const char *string)
{
	if (string)
		put(sink, "%s: %zu '%s'\n", name, strlen(string), string);
	else
		put(sink, "%s: none\n", name);
}

static void put_list(struct sink *sink, const char *name,
		     const struct list *list)
{
	for (size_t i = 0; i < list->length; i++)
		put_string(sink, name, list->items[i]);
}

static void put_number(struct sink *sink, const char *name,
		       const struct plan_number *number)
{
	put(sink, "%s: %d %ld\n", name, number->given, number->value);
}

static void put_maps(struct sink *sink, const char *name,
		     const struct id_map *map)
{
	for (; map; map = map->next)
		put(sink, "%s: %u %u %u\n", name, map->inside, map->outside,
		    map->count);
}

static void put_mounts(struct sink *sink, const char *name,
		       const struct plan_mount *mount)
{
	for (; mount; mount = mount->next) {
		put(sink, "%s: %d %x %d\n", name, (int)mount->kind,
		    mount->attributes, mount->not_recursive);
		put_string(sink, "source", mount->source);
		put_string(sink, "target", mount->target);
		put_string(sink, "data", mount->data.data);
		put_string(sink, "lower", mount->lower);
		put_string(sink, "upper", mount->upper);
		put_string(sink, "work", mount->work);
	}
}

static int origin(int given, bool where)
{
	return where ? given : given != 0;
}

static void put_supervision(struct sink *sink, const struct plan_supervision *s,
			    bool where)
{
	put(sink, "supervision: %d %d %d %d %lld %lld %lld\n", s->exec,
	    (int)s->forward_to, s->wait_all, s->parent_death,
	    (long long)s->stop_delay_ms, (long long)s->stop_timeout_ms,
	    (long long)s->stop_grace_ms);
	for (int i = 0; i < 4; i++)
		put(sink, "success: %llx\n", (unsigned long long)s->success[i]);
	for (int i = 0; i <= SIGNAL_MAX; i++)
		if (s->rewrite[i] != i || s->rewritten[i])
			put(sink, "rewrite: %d %d %d\n", i, s->rewrite[i],
			    origin(s->rewritten[i], where));
}

/* As it was given, option by option. What is said but not done is left out. */
static void put_given(struct sink *sink, const struct plan *plan, bool where)
{
	const struct option *option;

	for (unsigned int i = 0; (option = parser_option(i)); i++)
		for (const struct plan_given *g = plan->given; g; g = g->next)
			if (g->option == option &&
			    !(where && (!strcmp(option->name, "verbose") ||
					!strcmp(option->name, "explain")))) {
				put(sink, "given: %d ", where && g->where);
				put_string(sink, option->name, g->value);
			}
}

static void put_privilege(struct sink *sink, const struct plan *plan)
{
	put(sink, "quirks: %x exits: %d %d %d\n", plan->quirks, plan->exits[0],
	    plan->exits[1], plan->exits[2]);
	for (int i = 0; i < SETS; i++)
		put(sink, "change: %llx %llx\n",
		    (unsigned long long)plan->changes[i].set,
		    (unsigned long long)plan->changes[i].clear);
	put_string(sink, "group", plan->group);
	put_string(sink, "user", plan->user);
	put_string(sink, "groups", plan->groups);
	put(sink, "caps: %llx %d %d new privs: %d\n",
	    (unsigned long long)plan->caps.whitelist, plan->caps.all,
	    plan->caps.given, plan->allow_new_privs);
}

const char *plan_text(const struct plan *plan, bool where)
{
	static struct sink sinks[2];
	static int turn;
	struct sink *sink = &sinks[turn ^= 1];

	sink->length = 0;
	for (char **word = plan->command; word && *word; word++)
		put_string(sink, "command", *word);
	put_given(sink, plan, where);
	put_privilege(sink, plan);
	put(sink, "unshare: %x\n", plan->namespaces.unshare);
	put_maps(sink, "uid map", plan->namespaces.uid_map);
	put_maps(sink, "gid map", plan->namespaces.gid_map);
	put_string(sink, "hostname", plan->namespaces.hostname);
	put_number(sink, "boot", &plan->namespaces.boot_offset_ms);
	put_number(sink, "monotonic", &plan->namespaces.monotonic_offset_ms);
	put_string(sink, "root", plan->mounts.root);
	put(sink, "mounts: %d %d\n", plan->mounts.standard,
	    plan->mounts.read_only);
	put_mounts(sink, "mount", plan->mounts.mounts);
	put_mounts(sink, "mask", plan->mounts.masks);
	put_mounts(sink, "protect", plan->mounts.protects);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (plan->limits[i].given)
			put(sink, "limit: %d %d %llu %llu\n", i,
			    origin((int)plan->limits[i].given, where),
			    (unsigned long long)plan->limits[i].value.rlim_cur,
			    (unsigned long long)plan->limits[i].value.rlim_max);
	put_number(sink, "nice", &plan->nice);
	put_number(sink, "oom", &plan->oom_score_adj);
	put_number(sink, "umask", &plan->umask);
	put_string(sink, "workdir", plan->workdir);
	put(sink, "clear: %d\n", plan->environment.clear);
	for (int i = 0; i < 2; i++) {
		put_list(sink, "file", &plan->environment.files[i]);
		put_list(sink, "set", &plan->environment.set[i]);
	}
	put_list(sink, "unset", &plan->environment.unset);
	put_list(sink, "keep", &plan->keep_fds);
	put_supervision(sink, &plan->supervision, where);
	if (!where)
		put(sink, "verbose: %d %d\n", plan->verbose, plan->explain);
	return sink->data;
}

void check_same(const struct plan *plan, const struct plan *again, bool where,
		const char *by)
{
	const char *one = plan_text(plan, where);
	const char *other = plan_text(again, where);

	if (strcmp(one, other))
		wrong("another plan by %s\n%s---\n%s", by, one, other);
}
