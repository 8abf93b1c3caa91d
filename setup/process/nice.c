/* Niceness (sched(7)). */
#include <errno.h>
#include <sys/resource.h>

#include "lib/number.h"
#include "setup/steps.h"

static const char *read_nice(struct plan *plan, const char *value)
{
	plan->process.nice.given = true;
	if (number_read_signed(value, -20, 19, &plan->process.nice.value))
		return "not a niceness from -20 to 19";
	return NULL;
}

static const struct option nice_options[] = {
	{ .name = "nice",
	  .metavar = "N",
	  .help = "set the niceness, -20 to 19",
	  .kind = OPTION_VALUE,
	  .read = read_nice },
};

const struct option_table nice_option_table = OPTION_TABLE(GROUP_PROCESS,
							   nice_options);

static int set_niceness(struct app *app, struct error *error)
{
	const struct plan_number *nice = &app->plan->process.nice;

	if (nice->given && setpriority(PRIO_PROCESS, 0, (int)nice->value))
		return error_errno(error, "nice", NULL,
				   "start rind with CAP_SYS_NICE, or give a "
				   "higher number");
	return 0;
}

const struct app_step nice_step = {
	.text = { .name = "nice", .options = { "nice" } },
	.run = set_niceness,
};
