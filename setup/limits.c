/* Resource limits (getrlimit(2)) by Docker's names. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/number.h"
#include "setup/rooms.h"

static const struct {
	char name[12];
	int resource;
} names[] = {
	{ "as", RLIMIT_AS },
	{ "core", RLIMIT_CORE },
	{ "cpu", RLIMIT_CPU },
	{ "data", RLIMIT_DATA },
	{ "fsize", RLIMIT_FSIZE },
	{ "locks", RLIMIT_LOCKS },
	{ "memlock", RLIMIT_MEMLOCK },
	{ "msgqueue", RLIMIT_MSGQUEUE },
	{ "nice", RLIMIT_NICE },
	{ "nofile", RLIMIT_NOFILE },
	{ "nproc", RLIMIT_NPROC },
	{ "rss", RLIMIT_RSS },
	{ "rtprio", RLIMIT_RTPRIO },
	{ "rttime", RLIMIT_RTTIME },
	{ "sigpending", RLIMIT_SIGPENDING },
	{ "stack", RLIMIT_STACK },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

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

static struct plan_limit *find_limit(struct plan *plan, const char *value,
				     size_t length)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strlen(names[i].name) == length &&
		    !memcmp(names[i].name, value, length))
			return &plan->limits[names[i].resource];
	return NULL;
}

static int read_ulimit(struct plan *plan, const char *value,
		       const char **reason)
{
	size_t length = strcspn(value, "=");
	struct plan_limit *limit = find_limit(plan, value, length);
	size_t soft = 0;

	if (!limit) {
		*reason = "no such limit (getrlimit(2), in lower case)";
		return -1;
	}
	if (limit->given == plan->reading) {
		*reason = "this limit is given twice";
		return -1;
	}
	if (limit->given > plan->reading)
		return 0;
	value += length + (value[length] == '=');
	soft = strcspn(value, ":");
	limit->given = plan->reading;
	if (read_value(value, soft, &limit->value.rlim_cur) ||
	    read_value(value[soft] ? value + soft + 1 : value,
		       strlen(value[soft] ? value + soft + 1 : value),
		       &limit->value.rlim_max))
		*reason = "not a limit (NAME=SOFT[:HARD], -1 for unlimited)";
	else if (limit->value.rlim_cur > limit->value.rlim_max)
		*reason = "the soft limit is above the hard one";
	return *reason ? -1 : 0;
}

static const struct option options[] = {
	{ .name = "ulimit\0NAME=SOFT[:HARD]\0"
		  "a resource limit, by Docker's names",
	  .read = read_ulimit,
	  .adds_up = true },
};

const struct facility limits_facility = { GROUP_PROCESS, OPTIONS(options) };

int limits_setup(struct app *app, struct error *error)
{
	for (size_t i = 0; i < NAMES; i++) {
		const struct plan_limit *limit =
			&app->plan->limits[names[i].resource];

		if (limit->given &&
		    prlimit(0, names[i].resource, &limit->value, NULL))
			return error_errno(error, "ulimit", names[i].name,
					   errno,
					   "above the hard limit: needs "
					   "CAP_SYS_RESOURCE");
	}
	return 0;
}
