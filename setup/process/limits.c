/* Resource limits (getrlimit(2)) by Docker's names. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "lib/words.h"
#include "setup/steps.h"

/* By the kernel's own numbers, which differ between architectures. */
static const char *const limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = "cpu",           [RLIMIT_FSIZE] = "fsize",
	[RLIMIT_DATA] = "data",         [RLIMIT_STACK] = "stack",
	[RLIMIT_CORE] = "core",         [RLIMIT_RSS] = "rss",
	[RLIMIT_NPROC] = "nproc",       [RLIMIT_NOFILE] = "nofile",
	[RLIMIT_MEMLOCK] = "memlock",   [RLIMIT_AS] = "as",
	[RLIMIT_LOCKS] = "locks",       [RLIMIT_SIGPENDING] = "sigpending",
	[RLIMIT_MSGQUEUE] = "msgqueue", [RLIMIT_NICE] = "nice",
	[RLIMIT_RTPRIO] = "rtprio",     [RLIMIT_RTTIME] = "rttime",
};

/* The number of the limit whose name is the LENGTH bytes at NAME, or -1. */
static int find_limit(const char *name, size_t length)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (word_is(name, length, limit_names[i]))
			return i;
	return -1;
}

/* A number, -1 or "unlimited", in the LENGTH bytes at TEXT. */
static int read_one(const char *text, size_t length, rlim_t *value)
{
	const char *copy = arena_strndup(text, length);
	unsigned long number = RLIM_INFINITY;

	if (strcmp(copy, "-1") != 0 && strcmp(copy, "unlimited") != 0 &&
	    number_read(copy, RLIM_INFINITY - 1, &number))
		return -1;
	*value = number;
	return 0;
}

/* SOFT[:HARD]; the hard limit is the soft one where it is not given. */
static int read_soft_and_hard(const char *text, struct rlimit *limit)
{
	const char *colon = strchr(text, ':');
	const char *hard;

	if (!colon) {
		if (read_one(text, strlen(text), &limit->rlim_cur))
			return -1;
		limit->rlim_max = limit->rlim_cur;
		return 0;
	}
	hard = colon + 1;
	if (read_one(text, (size_t)(colon - text), &limit->rlim_cur))
		return -1;
	return read_one(hard, strlen(hard), &limit->rlim_max);
}

static const char *read_ulimit(struct plan *plan, const char *value)
{
	const char *equals = strchrnul(value, '=');
	int resource = find_limit(value, (size_t)(equals - value));
	struct plan_limit *limit;

	if (resource < 0)
		return "no such limit (write a name of getrlimit(2) in lower "
		       "case)";
	limit = &plan->process.limits[resource];
	if (limit->given == plan->reading)
		return "this limit is given twice";
	limit->given = plan->reading;
	if (!*equals || read_soft_and_hard(equals + 1, &limit->value))
		return "not a limit (write NAME=SOFT[:HARD], -1 for unlimited)";
	if (limit->value.rlim_cur > limit->value.rlim_max)
		return "the soft limit is above the hard one";
	return NULL;
}

static void clear_limits(struct plan *plan)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		plan->process.limits[i].given = PLACE_DEFAULT;
}

static const struct option limits_options[] = {
	{ .name = "ulimit",
	  .metavar = "NAME=SOFT[:HARD]",
	  .help = "set a resource limit, by Docker's names",
	  .kind = OPTION_VALUE,
	  .read = read_ulimit,
	  .clear = clear_limits,
	  .repeatable = true },
};

const struct option_table limits_option_table = OPTION_TABLE(GROUP_PROCESS,
							     limits_options);

static int set_limits(struct app *app, struct error *error)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct plan_limit *limit = &app->plan->process.limits[i];

		if (limit->given && prlimit(0, i, &limit->value, NULL))
			return error_errno(error, "ulimit", limit_names[i],
					   "start rind with CAP_SYS_RESOURCE, "
					   "or give at most the hard limit");
	}
	return 0;
}

const struct app_step ulimit_step = {
	.text = { .name = "ulimit", .options = { "ulimit" } },
	.run = set_limits,
};
