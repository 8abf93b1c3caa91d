/* Resource limits (getrlimit(2)) by Docker's names. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "base/number.h"
#include "base/packed.h"
#include "base/text.h"
#include "base/words.h"
#include "setup/rooms.h"

/* By their numbers, which x86-64 and arm64 share. */
static const char limit_names[] = "cpu\0fsize\0data\0stack\0core\0rss\0nproc\0"
				  "nofile\0memlock\0as\0locks\0sigpending\0"
				  "msgqueue\0nice\0rtprio\0rttime\0";

_Static_assert(RLIMIT_NOFILE == 7 && RLIMIT_AS == 9 && RLIMIT_RTTIME == 15,
	       "names of limits by their numbers");

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
	int resource = word_find(limit_names, value, length);
	struct plan_limit *limit;
	size_t soft = 0;

	if (resource < 0)
		return TEXT("no such limit (getrlimit(2), in lower case)");
	limit = &plan->limits[resource];
	if (limit->given == plan->reading)
		return TEXT("this limit is given twice");
	if (limit->given > plan->reading)
		return NULL;
	value += length + (value[length] == '=');
	soft = strcspn(value, ":");
	limit->given = plan->reading;
	if (read_value(value, soft, &limit->value.rlim_cur) ||
	    read_value(value[soft] ? value + soft + 1 : value,
		       strlen(value[soft] ? value + soft + 1 : value),
		       &limit->value.rlim_max))
		return TEXT("not a limit (NAME=SOFT[:HARD], -1 for unlimited)");
	if (limit->value.rlim_cur > limit->value.rlim_max)
		return TEXT("the soft limit is above the hard one");
	return NULL;
}

static const struct option limits_options[] = {
	{ .name = "ulimit\0NAME=SOFT[:HARD]\0" TEXT(
		  "a resource limit, by Docker's names"),
	  .read = read_ulimit,
	  .adds_up = true },
};

const struct facility limits_facility = { GROUP_PROCESS,
					  OPTIONS(limits_options) };

int limits_setup(struct app *app, struct error *error)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		const struct plan_limit *limit = &app->plan->limits[i];

		if (limit->given && prlimit(0, i, &limit->value, NULL))
			return error_errno(error, "ulimit",
					   word_at(limit_names, (unsigned)i),
					   TEXT("above the hard limit: needs "
						"CAP_SYS_RESOURCE"));
	}
	return 0;
}
