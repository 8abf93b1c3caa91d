/* The file mode creation mask (umask(2)). */
#include <sys/stat.h>

#include "lib/number.h"
#include "setup/steps.h"

static const char *read_umask(struct plan *plan, const char *value)
{
	unsigned long mask;

	if (number_read_octal(value, 0777, &mask))
		return "not an octal number from 0 to 777";
	plan->process.umask = (struct plan_number){ true, (long)mask };
	return NULL;
}

static const struct option umask_options[] = {
	{ .name = "umask",
	  .metavar = "OCTAL",
	  .help = "set the file mode creation mask",
	  .kind = OPTION_VALUE,
	  .read = read_umask },
};

const struct option_table umask_option_table = OPTION_TABLE(GROUP_PROCESS,
							    umask_options);

/*
 * A mask of 0, which some daemons have, makes every file of the app's one that
 * everybody may write to. No mask at all has to be asked for.
 */
static int set_umask(struct app *app, struct error *error)
{
	const mode_t usual = 022;
	mode_t inherited;

	(void)error;
	if (app->plan->process.umask.given) {
		umask((mode_t)app->plan->process.umask.value);
		return 0;
	}
	if (!app->plan->process.reset_inherited)
		return 0;
	inherited = umask(usual);
	if (inherited)
		umask(inherited);
	return 0;
}

const struct app_step umask_step = {
	.text = { .name = "umask",
		  .options = { "umask" },
		  .defaults = { { "umask", "the caller's, 022 for 0" } } },
	.run = set_umask,
};
