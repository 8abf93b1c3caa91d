/*
 * The whitelist of capabilities (capabilities(7)): what the app really holds,
 * also as a non-root user, and what can ever be held below it.
 */
#include <ctype.h>
#include <errno.h>

#include "lib/text.h"
#include "setup/steps.h"
#include "sys/capset.h"

static const char *read_cap(struct plan *plan, const char *value)
{
	return capability_list_add(&plan->confinement.caps, value);
}

static const struct option caps_options[] = {
	{ .name = "cap",
	  .metavar = "LIST",
	  .help = "the capabilities it holds: names, none*, docker, all",
	  .kind = OPTION_VALUE,
	  .read = read_cap,
	  .repeatable = true },
};

const struct option_table caps_option_table = OPTION_TABLE(GROUP_PRIVILEGE,
							   caps_options);

/* Names the first capability of MISSING in an error. */
static int missing(uint64_t set, const char *reason, const char *cure,
		   struct error *error)
{
	char name[32];
	char upper[32];
	char remedy[128];
	struct text text = text_in(remedy, sizeof(remedy));
	size_t i;

	capset_name(__builtin_ctzll(set), name, sizeof(name));
	for (i = 0; name[i]; i++)
		upper[i] = (char)toupper((unsigned char)name[i]);
	upper[i] = '\0';
	text_addf(&text, "%s%s", cure, upper);
	return error_set(error, "caps", name, reason, remedy);
}

/*
 * Without CAP_SETPCAP neither bounding set nor securebits can be changed. That
 * is no harm where the bounding set holds nothing beyond the whitelist, nor
 * where no_new_privs and five empty sets leave an exec nothing to gain
 * (credentials are capped at the old permitted set then; Linux 3.5).
 */
static int check_setpcap(struct app *app, struct error *error)
{
	app->no_setpcap = !(app->inherited->effective &
			    capset_bit(CAP_SETPCAP));
	if (!app->no_setpcap || !(app->inherited->bounding & ~app->caps) ||
	    (!app->caps && !app->plan->confinement.allow_new_privs))
		return 0;
	return error_set(error, "caps", "bounding set",
			 "rind may not change it",
			 "needs CAP_SETPCAP: start it as root, docker run "
			 "--cap-add=SETPCAP");
}

int caps_prepare(struct app *app, struct error *error)
{
	const struct capability_list *caps = &app->plan->confinement.caps;
	uint64_t permitted = app->inherited->permitted;
	uint64_t list = caps->set;

	if (!app->plan->confinement.drop_capabilities) {
		app->no_setpcap = !(app->inherited->effective &
				    capset_bit(CAP_SETPCAP));
		return 0;
	}
	if (caps->all)
		list |= app->inherited->bounding;
	if (list & ~capset_known())
		return missing(list & ~capset_known(),
			       "this kernel does not know it",
			       "it is too old for CAP_", error);
	if (list & ~app->inherited->bounding)
		return missing(list & ~app->inherited->bounding,
			       "not in the bounding set",
			       "the engine withholds it: docker run --cap-add=",
			       error);
	if (list & ~permitted)
		return missing(list & ~permitted, "rind itself lacks it",
			       "start rind as root; it needs CAP_", error);
	app->caps = list;
	return check_setpcap(app, error);
}

int bounding_setup(struct app *app, struct error *error)
{
	uint64_t bounding = app->inherited->bounding;
	uint64_t excess = 0;

	if (!app->plan->confinement.drop_capabilities)
		excess = bounding &
			 app->plan->confinement.changes[SET_BOUNDING].clear;
	else if (!app->no_setpcap)
		excess = bounding & ~app->caps;
	if (excess && capset_drop_bounding(excess))
		return error_errno(error, "caps", "bounding set",
				   "needs CAP_SETPCAP");
	return 0;
}

/* The sets as they are, but for what is to change. */
static int change_sets(const struct app *app, struct error *error)
{
	const struct plan_change *changes = app->plan->confinement.changes;
	const struct plan_change *inherit = &changes[SET_INHERITABLE];
	const struct plan_change *ambient = &changes[SET_AMBIENT];
	uint64_t inheritable = app->inherited->inheritable & ~inherit->clear;

	if ((inherit->set | inherit->clear | ambient->set | ambient->clear) &&
	    (capset_keep(app->inherited->permitted,
			 inheritable | inherit->set) ||
	     capset_change_ambient(ambient->set, ambient->clear)))
		return error_errno(error, "caps", "inheritable, ambient", NULL);
	return 0;
}

int caps_setup(struct app *app, struct error *error)
{
	if (!app->plan->confinement.drop_capabilities)
		return change_sets(app, error);
	if (capset_keep(app->caps, app->caps))
		return error_errno(error, "caps",
				   "permitted, effective, inheritable", NULL);
	if (capset_set_ambient(app->caps))
		return error_errno(error, "caps", "ambient", NULL);
	return 0;
}
