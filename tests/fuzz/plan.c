/*
 * A plan as text, so that two can be compared and their difference read. A new
 * option is in it, as it was given, with no line here; what it becomes is where
 * somebody adds the field.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/option_tables.h"
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

/* Which of several files it was is not told. */
static int origin(int place, bool where)
{
	return where && place == PLACE_COMMAND_LINE ? 2 : place != 0;
}

const struct plan_given *without_config(const struct plan_given *given)
{
	while (given && given->option->kind == OPTION_CONFIG)
		given = given->next;
	return given;
}

/* As it was given, option by option. What is said but not done is left out. */
static void put_given(struct sink *sink, const struct plan *plan, bool where)
{
	const struct option *option;

	for (size_t place = 0; (option = option_at(place)); place++)
		for (const struct plan_given *g = without_config(plan->given);
		     g; g = without_config(g->next))
			if (g->option == option &&
			    !(where && (!strcmp(option->name, "verbose") ||
					!strcmp(option->name, "explain")))) {
				put(sink, "given: %d ", where && g->where);
				put_string(sink, option->name, g->value);
			}
}

static void put_identity(struct sink *sink, const struct plan_identity *i)
{
	put_string(sink, "user", i->user);
	put_string(sink, "group", i->group);
	put_string(sink, "groups", i->groups);
	put(sink, "identity: %d %d %d %d %d %d %d\n", i->one_by_one,
	    (int)i->groups_from, i->refuse_root, i->refuse_root_alias,
	    i->unlisted_keeps_gid, i->find_own_user, i->list_primary_group);
}

static void put_confinement(struct sink *sink, const struct plan_confinement *c)
{
	put(sink, "caps: %llx %d %d\n", (unsigned long long)c->caps.set,
	    c->caps.all, c->caps.given);
	put(sink, "confinement: %d %d %d %d %d %d\n", c->drop_capabilities,
	    c->lock_securebits, c->keep_caps, c->allow_new_privs,
	    c->new_keyring, c->verify_capabilities);
	for (int i = 0; i < SETS; i++)
		put(sink, "change: %llx %llx\n",
		    (unsigned long long)c->changes[i].set,
		    (unsigned long long)c->changes[i].clear);
}

static void put_process(struct sink *sink, const struct plan_process *p,
			bool where)
{
	put(sink, "process: %d %d %d %d\n", (int)p->session, p->give_streams,
	    p->close_descriptors, p->shell_fallback);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (p->limits[i].given)
			put(sink, "limit: %d %d %llu %llu\n", i,
			    origin((int)p->limits[i].given, where),
			    (unsigned long long)p->limits[i].value.rlim_cur,
			    (unsigned long long)p->limits[i].value.rlim_max);
	put_number(sink, "nice", &p->nice);
	put_number(sink, "oom", &p->oom_score_adj);
	put_number(sink, "umask", &p->umask);
	put_string(sink, "workdir", p->workdir);
	put_list(sink, "keep", &p->keep_fds);
}

static void put_environment(struct sink *sink, const struct plan_environment *e)
{
	put(sink, "environment: %d %d %d %d\n", e->clear, e->set_home,
	    e->set_login, e->reset);
	for (const struct plan_variables *v = e->variables; v; v = v->next) {
		put_list(sink, "file", &v->files);
		put_list(sink, "set", &v->set);
	}
	put_list(sink, "unset", &e->unset);
}

static void put_supervision(struct sink *sink, const struct plan_supervision *s,
			    bool where)
{
	put(sink, "supervision: %d %d %d %d %d %lld %lld %d %lld\n", s->exec,
	    s->pause, (int)s->forward_to, (int)s->leftovers, s->parent_death,
	    (long long)s->stop_delay_ms, (long long)s->stop_timeout_ms,
	    s->times_out, (long long)s->stop_grace_ms);
	put(sink, "supervisor: %d %d %d %d %d %d %d %d\n", s->subreaper,
	    s->warn_without_subreaper, s->suspend_with_app, s->report_reaped,
	    s->out_of_reach, s->keep_streams, s->die_with_rind,
	    s->refuse_on_terminal);
	for (int i = 0; i < 4; i++)
		put(sink, "success: %llx\n", (unsigned long long)s->success[i]);
	for (int i = 0; i <= SIGNAL_MAX; i++)
		if (s->rewrite[i] != i || s->rewritten[i])
			put(sink, "rewrite: %d %d %d\n", i, s->rewrite[i],
			    origin(s->rewritten[i], where));
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
	put(sink, "exits: %d %d %d %d\n", plan->exit_codes.failed,
	    plan->exit_codes.cannot_run, plan->exit_codes.not_found,
	    plan->exit_codes.exec_failed);
	put_identity(sink, &plan->identity);
	put_confinement(sink, &plan->confinement);
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
	put_environment(sink, &plan->environment);
	put_process(sink, &plan->process, where);
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
