/* --unshare: the namespaces that rind gets of its own (namespaces(7)). */
#include "setup/namespaces/unshare.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/text.h"
#include "lib/words.h"
#include "setup/namespaces/id_map_prepare.h"
#include "setup/steps.h"
#include "sys/kernel_constants.h"
#include "sys/namespace_kinds.h"

/* The flags that the first LENGTH bytes of WORD stand for; 0: none. */
static unsigned int flags_of(const char *word, size_t length)
{
	bool all = word_is(word, length, "all");
	unsigned int flags = 0;

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (all || word_is(word, length, namespace_kinds[i].name))
			flags |= namespace_kinds[i].flag;
	return flags;
}

static const char *read_unshare(struct plan *plan, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		unsigned int flags = flags_of(value, length);

		if (!flags)
			return "no such namespace (write user, mount, pid, "
			       "net, ipc, uts, cgroup, time, all)";
		plan->namespaces.unshare |= flags;
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static void clear_unshare(struct plan *plan)
{
	plan->namespaces.unshare = 0;
}

static const struct option namespaces_options[] = {
	{ .name = "unshare",
	  .metavar = "LIST",
	  .help = "new namespaces: user, mount, pid, net, ipc, uts, cgroup, time, or all",
	  .kind = OPTION_VALUE,
	  .read = read_unshare,
	  .clear = clear_unshare,
	  .repeatable = true },
};

const struct option_table namespaces_option_table =
	OPTION_TABLE(GROUP_NAMESPACES, namespaces_options);

bool setup_needs_outer(const struct plan *plan)
{
	return plan->namespaces.unshare & (CLONE_NEWUSER | CLONE_NEWPID);
}

static int refuse_option(const struct option *option,
			 const struct namespace_kind *missing,
			 struct error *error)
{
	char object[32];
	char cure[48];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "--%s", option->name);
	text = text_in(cure, sizeof(cure));
	text_addf(&text, "add --unshare=%s", missing->name);
	return error_set(error, "options", object,
			 "needs a namespace of its own", cure);
}

static int check_option(const struct plan *plan, const struct option *option,
			struct error *error)
{
	unsigned int missing = option->needs_namespace &
			       ~plan->namespaces.unshare;

	for (int i = 0; i < NAMESPACE_KINDS; i++)
		if (missing & namespace_kinds[i].flag)
			return refuse_option(option, &namespace_kinds[i],
					     error);
	return 0;
}

int namespaces_check(const struct plan *plan, struct error *error)
{
	if (plan->supervision.exec && setup_needs_outer(plan))
		return error_set(error, "options", "--exec",
				 "leaves no process outside the new user or "
				 "PID namespace",
				 "leave out --exec");
	for (const struct plan_given *given = plan->given; given;
	     given = given->next)
		if (!given->off && check_option(plan, given->option, error))
			return -1;
	return 0;
}

int setup_check_namespaces(struct plan *plan, const struct inherited *inherited,
			   struct error *error)
{
	if (namespaces_check(plan, error))
		return -1;
	return id_map_prepare(plan, inherited, error);
}

/* One call for each, so that the error names the one that fails. */
static int make_namespaces(struct container *container, struct error *error)
{
	unsigned int flags = container->plan->namespaces.unshare;

	/* The rind outside has made these two. */
	flags &= ~(unsigned int)(CLONE_NEWUSER | CLONE_NEWPID);
	for (int i = 0; i < NAMESPACE_KINDS; i++) {
		const char *cure = NULL;

		if (!(flags & namespace_kinds[i].flag) ||
		    !syscall(SYS_unshare, namespace_kinds[i].flag))
			continue;
		if (errno == EPERM)
			cure = "add --unshare=user, or start rind with "
			       "CAP_SYS_ADMIN";
		return error_errno(error, "namespaces", namespace_kinds[i].name,
				   cure);
	}
	return 0;
}

const struct container_step namespaces_step = {
	.text = { .name = "namespaces",
		  .options = { "unshare", "uid-map", "gid-map" } },
	.run = make_namespaces,
};
