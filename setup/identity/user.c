/*
 * Who the app is: uid and gid (credentials(7)). Supplementary groups:
 * supplementary_groups.c.
 *
 * The lookup runs in rind, after the container-wide steps, so that it reads the
 * image's own files and so that PID 1 knows how the app can be signalled. The
 * steps run in the app's process.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "setup/identity/supplementary_groups.h"
#include "setup/identity/user_lookup.h"
#include "setup/steps.h"
#include "sys/capset.h"
#include "sys/ids.h"

static const char *read_user(struct plan *plan, const char *value)
{
	const char *colon = strchr(value, ':');

	plan->identity.user = value;
	if (!*value || !strcmp(value, ":"))
		return "no user (write USER or USER:GROUP)";
	if (colon && strchr(colon + 1, ':'))
		return "more than one colon (write USER or USER:GROUP)";
	return NULL;
}

static const char *read_groups(struct plan *plan, const char *value)
{
	size_t length = strlen(value);

	plan->identity.groups = value;
	if (!length || value[0] == ',' || value[length - 1] == ',' ||
	    strstr(value, ",,"))
		return "an empty item in the list";
	return NULL;
}

static const struct option user_options[] = {
	{ .name = "user",
	  .metavar = "USER[:GROUP]",
	  .help = "run the app as this user (names or numbers)",
	  .kind = OPTION_VALUE,
	  .read = read_user },
	{ .name = "groups",
	  .metavar = "G[,G]...",
	  .help = "set the supplementary groups (the user's*)",
	  .kind = OPTION_VALUE,
	  .read = read_groups },
};

const struct option_table user_option_table = OPTION_TABLE(GROUP_PRIVILEGE,
							   user_options);

/*
 * What happens where rind cannot change its groups. The engine's choice for a
 * user that the engine chose as well stands (an fsGroup of Kubernetes, say);
 * root's own groups must not stay with another user. In a user namespace whose
 * caller had no privilege, where root is that caller, his groups cannot go.
 */
static int keep_groups(struct app *app, const char *spec, bool can_setgid,
		       struct error *error)
{
	struct identity *id = &app->identity;
	int in_force = groups_are_in_force(id);

	if (in_force < 0)
		return error_errno(error, "user", "groups", NULL);
	id->set_groups = false;
	if (in_force)
		return 0;
	if (app->plan->identity.groups || id->uid != app->inherited->uid)
		return error_set(error, "user", spec,
				 "rind may not change its groups",
				 "start rind with CAP_SETGID in a user "
				 "namespace that allows setgroups");
	if (can_setgid)
		log_line("user: the groups of rind's caller stay: this user "
			 "namespace forbids setgroups",
			 LOG_NOW);
	return 0;
}

/* What rind may not change has to be as asked for already. */
static int check_privilege(struct app *app, struct error *error)
{
	const struct identity *id = &app->identity;
	const struct plan_identity *plan = &app->plan->identity;
	const char *spec = plan->user ? plan->user : plan->groups;
	bool can_setuid = app->inherited->effective & capset_bit(CAP_SETUID);
	bool can_setgid = app->inherited->effective & capset_bit(CAP_SETGID);

	if (id->uid != app->inherited->uid && !can_setuid)
		return error_set(error, "user", spec,
				 "rind may not change its user",
				 "start rind as root, with docker run "
				 "--cap-add=SETUID");
	if (id->gid != app->inherited->gid && !can_setgid)
		return error_set(error, "user", spec,
				 "rind may not change its group",
				 "start rind as root, with docker run "
				 "--cap-add=SETGID");
	if (can_setgid && !ids_groups_are_frozen())
		return 0;
	return keep_groups(app, spec, can_setgid, error);
}

int user_prepare(struct app *app, struct error *error)
{
	const struct plan_identity *plan = &app->plan->identity;
	bool user_is_named = plan->user && *plan->user != ':';

	app->identity = (struct identity){ .uid = app->inherited->uid,
					   .gid = app->inherited->gid };
	if (user_look_up(app->plan, &app->identity, error))
		return -1;
	/* Whatever number root has inside: outside it is root. */
	if (plan->refuse_root && app->inherited->by_root && !user_is_named)
		return error_set(error, "user", "root",
				 "the app would run as root",
				 "name a user with --user=USER; to run as "
				 "root, give --user=0");
	groups_sort(&app->identity);
	return check_privilege(app, error);
}

static int set_gid(struct app *app, struct error *error)
{
	gid_t gid = app->identity.gid;

	/* The call itself: musl's wrapper would loop over threads. */
	if (syscall(SYS_setresgid, gid, gid, gid))
		return error_errno(error, "user", "gid",
				   "choose a gid that is mapped in this user "
				   "namespace");
	return 0;
}

const struct app_step gid_step = {
	.text = { .name = "gid",
		  .options = { "user" },
		  .defaults = { { NULL, "rind's own" } } },
	.run = set_gid,
};

static int set_uid(struct app *app, struct error *error)
{
	uid_t uid = app->identity.uid;

	if (syscall(SYS_setresuid, uid, uid, uid))
		return error_errno(error, "user", "uid",
				   "choose a uid that is mapped in this user "
				   "namespace");
	return 0;
}

const struct app_step uid_step = {
	.text = { .name = "uid",
		  .options = { "user" },
		  .defaults = { { NULL, "rind's own" } } },
	.run = set_uid,
};
