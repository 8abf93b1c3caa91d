/* Resource limits (getrlimit(2)) by Docker's names. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/number.h"
#include "lib/text.h"
#include "setup/steps.h"

/* By the architecture's own numbers (getrlimit(2)). */
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

/* The number of the limit of this NAME of LENGTH, or -1. */
static int find_limit(const char *name, size_t length)
{
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (strlen(limit_names[i]) == length &&
		    !memcmp(limit_names[i], name, length))
			return i;
	return -1;
}

/* Reads the LENGTH bytes at TEXT: a number, -1 or "unlimited". */
static int read_value(const char *text, size_t length, rlim_t *value)
{
	char copy[24];
	unsigned long number = 0;

	if (length >= sizeof(copy))
		return -1;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (!strcmp(copy, "-1") || !strcmp(copy, "unlimited"))
		number = RLIM_INFINITY;
	else if (number_read(copy, RLIM_INFINITY - 1, &number))
		return -1;
	*value = number;
	return 0;
}

static const char *read_ulimit(struct plan *plan, const char *value)
{
	size_t length = strcspn(value, "=");
	int resource = find_limit(value, length);
	struct plan_limit *limit;
	size_t soft = 0;

	if (resource < 0)
		return "no such limit (getrlimit(2), in lower case)";
	limit = &plan->process.limits[resource];
	if (limit->given == plan->reading)
		return "this limit is given twice";
	if (limit->given > plan->reading)
		return NULL;
	value += length + (value[length] == '=');
	soft = strcspn(value, ":");
	limit->given = plan->reading;
	if (read_value(value, soft, &limit->value.rlim_cur) ||
	    read_value(value[soft] ? value + soft + 1 : value,
		       strlen(value[soft] ? value + soft + 1 : value),
		       &limit->value.rlim_max))
		return "not a limit (NAME=SOFT[:HARD], -1 for unlimited)";
	if (limit->value.rlim_cur > limit->value.rlim_max)
		return "the soft limit is above the hard one";
	return NULL;
}

static const struct option limits_options[] = {
	{ .name = "ulimit",
	  .metavar = "NAME=SOFT[:HARD]",
	  .help = "a resource limit, by Docker's names",
	  .kind = OPTION_VALUE,
	  .read = read_ulimit,
	  .repeatable = true },
};

const struct option_table limits_option_table = OPTION_TABLE(GROUP_PROCESS,
							     limits_options);

int limits_setup(struct app *app, struct error *error)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct plan_limit *limit = &app->plan->process.limits[i];

		if (limit->given && prlimit(0, i, &limit->value, NULL))
			return error_errno(error, "ulimit", limit_names[i],
					   "above the hard limit: needs "
					   "CAP_SYS_RESOURCE");
	}
	return 0;
}
