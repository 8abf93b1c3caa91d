/*
 * The capabilities that --cap lists (capabilities(7)): what the app really
 * holds, also as a non-root user, and all that can ever be held below it.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "lib/log.h"
#include "lib/text.h"
#include "setup/steps.h"
#include "sys/capset.h"

static const char *read_cap(struct plan *plan, const char *value)
{
	return capability_list_add(&plan->confinement.caps, value);
}

static void clear_cap(struct plan *plan)
{
	plan->confinement.caps = (struct capability_list){ 0 };
}

static const struct option caps_options[] = {
	{ .name = "cap",
	  .metavar = "LIST",
	  .help = "keep these capabilities: names, none*, docker, all",
	  .kind = OPTION_VALUE,
	  .read = read_cap,
	  .clear = clear_cap,
	  .repeatable = true },
};

const struct option_table caps_option_table = OPTION_TABLE(GROUP_PRIVILEGE,
							   caps_options);

/* Names the first capability of SET, in the cure behind CURE_BEGIN. */
static int refuse_first(uint64_t set, const char *reason,
			const char *cure_begin, struct error *error)
{
	char name[32];
	char upper[32];
	char cure[128];
	struct text text = text_in(cure, sizeof(cure));
	size_t i;

	capset_name(__builtin_ctzll(set), name, sizeof(name));
	for (i = 0; name[i]; i++)
		upper[i] = (char)toupper((unsigned char)name[i]);
	upper[i] = '\0';
	text_add(&text, cure_begin);
	text_add(&text, upper);
	return error_set(error, "caps", name, reason, cure);
}

/*
 * Without CAP_SETPCAP neither bounding set nor securebits can be changed. That
 * is no harm where the bounding set holds nothing that --cap does not list, nor
 * where no_new_privs and five empty sets leave an exec nothing to gain
 * (credentials are capped at the old permitted set then; Linux 3.5).
 */
static int check_setpcap(const struct app *app, struct error *error)
{
	if (app->has_setpcap)
		return 0;
	if (!(app->inherited->bounding & ~app->capabilities))
		return 0;
	if (!app->capabilities && !app->plan->confinement.allow_new_privs)
		return 0;
	return error_set(error, "caps", "bounding set",
			 "rind may not change it",
			 "start rind as root, with docker run "
			 "--cap-add=SETPCAP");
}

/*
 * How the app holds them over its exec. A user gets the ambient ones, and uid 0
 * gives nothing by itself (SECBIT_NOROOT). Root gets the bounding set without
 * them, as in any engine: a daemon that restores the ambient set that it found
 * (by libcap-ng, as dbus-daemon does) would fail over one. no_new_privs keeps
 * an exec within the permitted set there, too. A NOROOT of an outer program's
 * stays, and setuid-root programs need it off.
 */
static int choose_how_to_pass_on(struct app *app, struct error *error)
{
	int bits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	bool noroot;
	bool as_root;

	if (bits < 0)
		return error_errno(error, "caps", "securebits", NULL);
	noroot = bits & SECBIT_NOROOT;
	as_root = !app->identity.uid && !noroot;
	app->root_gains = as_root || app->plan->confinement.allow_new_privs;
	if (!app->has_setpcap)
		app->root_gains = !noroot;
	if (app->identity.uid || !app->root_gains)
		app->passed_on = app->capabilities;
	return 0;
}

/*
 * haproxy and php-fpm hang at SIGTERM then: their workers have another user.
 * The app gains nothing by kill: it may take any user, and signal as that one.
 * Where the engine withholds kill, confine_choose() decides.
 */
static void warn_without_kill(const struct app *app)
{
	bool has_setuid = app->capabilities & capset_bit(CAP_SETUID);
	bool has_kill = app->capabilities & capset_bit(CAP_KILL);
	bool may_have_kill = app->inherited->permitted & capset_bit(CAP_KILL);

	if (has_setuid && !has_kill && may_have_kill)
		log_line("caps: setuid without kill: the app cannot stop "
			 "workers that take another user (add --cap=kill)",
			 LOG_NOW);
}

int caps_prepare(struct app *app, struct error *error)
{
	const struct capability_list *caps = &app->plan->confinement.caps;
	const struct inherited *inherited = app->inherited;
	uint64_t set = caps->set;

	app->has_setpcap = inherited->effective & capset_bit(CAP_SETPCAP);
	if (!app->plan->confinement.drop_capabilities)
		return 0;
	if (caps->all)
		set |= inherited->bounding;
	if (set & ~capset_known())
		return refuse_first(set & ~capset_known(),
				    "unknown to this kernel", "leave out CAP_",
				    error);
	if (set & ~inherited->bounding)
		return refuse_first(set & ~inherited->bounding,
				    "not in the bounding set",
				    "grant it: docker run --cap-add=", error);
	if (set & ~inherited->permitted)
		return refuse_first(set & ~inherited->permitted,
				    "rind does not hold it itself",
				    "start rind as root, or with CAP_", error);
	app->capabilities = set;
	if (choose_how_to_pass_on(app, error) || check_setpcap(app, error))
		return -1;
	warn_without_kill(app);
	return 0;
}

static int drop_bounding(struct app *app, struct error *error)
{
	const struct plan_confinement *plan = &app->plan->confinement;
	uint64_t bounding = app->inherited->bounding;
	uint64_t excess = 0;

	if (!plan->drop_capabilities)
		excess = bounding & plan->changes[SET_BOUNDING].clear;
	else if (app->has_setpcap)
		excess = bounding & ~app->capabilities;
	if (excess && capset_drop_bounding(excess))
		return error_errno(error, "caps", "bounding set",
				   "start rind with CAP_SETPCAP");
	return 0;
}

const struct app_step bounding_step = {
	.text = { .name = "bounding set",
		  .options = { "cap" },
		  .defaults = { { NULL, "none" } } },
	.run = drop_bounding,
};

/* The other sets as they are, but for the changes that setpriv was asked for.
 */
static int change_sets(const struct app *app, struct error *error)
{
	const struct plan_change *changes = app->plan->confinement.changes;
	const struct plan_change *inherit = &changes[SET_INHERITABLE];
	const struct plan_change *ambient = &changes[SET_AMBIENT];
	uint64_t inheritable = app->inherited->inheritable;

	if (!plan_change_is_any(inherit) && !plan_change_is_any(ambient))
		return 0;
	inheritable &= ~inherit->clear;
	inheritable |= inherit->set;
	if (capset_set(app->inherited->permitted, inheritable) ||
	    capset_change_ambient(ambient->set, ambient->clear))
		return error_errno(error, "caps", "inheritable, ambient", NULL);
	return 0;
}

static int set_capabilities(struct app *app, struct error *error)
{
	if (!app->plan->confinement.drop_capabilities)
		return change_sets(app, error);
	if (capset_set(app->capabilities, app->passed_on))
		return error_errno(error, "caps",
				   "permitted, effective, inheritable", NULL);
	if (capset_set_ambient(app->passed_on))
		return error_errno(error, "caps", "ambient", NULL);
	return 0;
}

const struct app_step capabilities_step = {
	.text = { .name = "capabilities",
		  .options = { "cap" },
		  .defaults = { { NULL, "none" } } },
	.run = set_capabilities,
};
