/*
 * Who the app is: uid, gid and supplementary groups (credentials(7)).
 *
 * The lookup runs in rind, after the container-wide steps, so that it reads the
 * image's own files and so that PID 1 knows how the app can be signalled. The
 * steps run in the app's process. Supplementary groups: groups.c.
 */
#include "setup/identity/user.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/list.h"
#include "lib/log.h"
#include "lib/number.h"
#include "setup/identity/supplementary_groups.h"
#include "setup/steps.h"
#include "sys/capset.h"
#include "sys/ids.h"
#include "sys/passwd.h"

static const char *read_user(struct plan *plan, const char *value)
{
	const char *colon = strchr(value, ':');

	plan->identity.user = value;
	if (!*value || !strcmp(value, ":"))
		return "names nobody (USER[:GROUP])";
	if (colon && strchr(colon + 1, ':'))
		return "more than one colon (USER[:GROUP])";
	return NULL;
}

static const char *read_groups(struct plan *plan, const char *value)
{
	plan->identity.groups = value;
	for (;;) {
		size_t length = strcspn(value, ",");

		if (!length)
			return "an empty item in the list";
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static const struct option user_options[] = {
	{ .name = "user",
	  .metavar = "USER[:GROUP]",
	  .help = "run the app as this user (names or numbers)",
	  .kind = OPTION_VALUE,
	  .read = read_user },
	{ .name = "groups",
	  .metavar = "G[,G]...",
	  .help = "these supplementary groups, no others",
	  .kind = OPTION_VALUE,
	  .read = read_groups },
};

const struct option_table user_option_table = OPTION_TABLE(GROUP_PRIVILEGE,
							   user_options);

/* Digits alone are always a number, as in Docker; never a name. */
static int is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static int user_read_id(const char *text, unsigned int *id, struct error *error)
{
	unsigned long number;

	if (number_read(text, ID_MAX, &number))
		return error_set(error, "user", text, ID_REASON, NULL);
	*id = (unsigned int)number;
	return 0;
}

static int find_group(const char *name, gid_t *gid, struct error *error)
{
	if (is_number(name))
		return user_read_id(name, gid, error);
	switch (group_by_name(name, gid, error)) {
	case 1:
		return 0;
	case 0:
		return error_set(error, "user", name,
				 "no such group in /etc/group",
				 "a number needs no entry");
	default:
		return -1;
	}
}

/*
 * A uid that /etc/passwd does not know gets the same number as its group: the
 * engines' own default, group 0, would own half of the image.
 */
static int find_user(int root, const char *name,
		     const struct plan_identity *plan, struct identity *id,
		     struct error *error)
{
	struct passwd_entry entry = { .name = name };
	int by_number = is_number(name);
	int found;

	if (by_number && user_read_id(name, &id->uid, error))
		return -1;
	found = by_number ? passwd_by_uid(root, id->uid, &entry, error)
			  : passwd_by_name(root, name, &entry, error);
	if (found < 0)
		return -1;
	if (!found && !by_number)
		return error_set(error, "user", name,
				 "no such user in /etc/passwd",
				 "a number needs no entry");
	if (!found)
		entry = (struct passwd_entry){ .uid = id->uid,
					       .gid = plan->unlisted_keeps_gid
							      ? id->gid
							      : id->uid,
					       .name = name,
					       .home = "/",
					       .shell = "/bin/sh" };
	id->listed = found;
	id->uid = entry.uid;
	id->gid = entry.gid;
	id->name = entry.name;
	id->home = entry.home;
	id->shell = entry.shell;
	if (plan->refuse_root_alias && !id->uid && !by_number &&
	    strcmp(name, "root"))
		return error_set(error, "user", name,
				 "is uid 0, root by another name",
				 "--user=0 if that is meant");
	return 0;
}

static int find_groups(const char *list, struct identity *id,
		       struct error *error)
{
	char *copy = arena_strdup(list);
	char *rest = copy;
	char *name;
	int result = 0;

	id->group_count = 0;
	while (!result && (name = strsep(&rest, ","))) {
		gid_t gid = 0;

		result = find_group(name, &gid, error);
		if (!result)
			result = groups_append(gid, &id->groups,
					       &id->group_count, error);
	}
	return result;
}

/* Fills *ID from USER and GROUP, either of which may be missing. */
static int find_both(const char *user, const char *group,
		     const struct plan_identity *plan, struct identity *id,
		     struct error *error)
{
	if (*user && find_user(-1, user, plan, id, error))
		return -1;
	if (*group && find_group(group, &id->gid, error))
		return -1;
	/* The primary group is in the list too, as login(1) has it. */
	if (plan->list_primary_group &&
	    groups_append(id->gid, &id->groups, &id->group_count, error))
		return -1;
	/* "1003" in /etc/group is the user of that name, not this number. */
	if (*group || !id->listed)
		return 0;
	return groups_of_user(id->name, &id->groups, &id->group_count, error);
}

static int find_identity(const struct plan *plan, struct identity *id,
			 struct error *error)
{
	const char *spec = plan->identity.user;
	size_t length = strcspn(spec, ":");
	char *user = arena_strndup(spec, length); /* the identity points into it
						   */

	/* A tool's one-sided spec has the home of whoever that is. */
	if (plan->identity.find_own_user && !*user)
		user = arena_printf("%u", id->uid);
	return find_both(user, spec[length] ? spec + length + 1 : "",
			 &plan->identity, id, error);
}

/* setpriv's way: each stays as it is unless it is named. */
static int find_one_by_one(const struct plan *plan, struct identity *id,
			   struct error *error)
{
	gid_t gid = id->gid;
	bool init = plan->identity.groups_from == GROUPS_INIT;
	const char *user = plan->identity.user;

	if (!user && plan->environment.reset)
		user = arena_printf("%u", id->uid);
	if (user && find_user(-1, user, &plan->identity, id, error))
		return -1;
	if (init && !id->listed)
		return error_set(error, "user", user, "--init-groups needs it",
				 "an entry in /etc/passwd");
	if (init &&
	    (groups_append(id->gid, &id->groups, &id->group_count, error) ||
	     groups_of_user(id->name, &id->groups, &id->group_count, error)))
		return -1;
	id->gid = gid;
	id->set_groups = plan->identity.groups ||
			 plan->identity.groups_from == GROUPS_INIT ||
			 plan->identity.groups_from == GROUPS_CLEAR;
	return plan->identity.group
		       ? find_group(plan->identity.group, &id->gid, error)
		       : 0;
}

int user_find_inside(int root, const struct plan_identity *plan,
		     struct identity *id, struct error *error)
{
	const char *spec = plan->user;
	const char *colon = strchr(spec, ':');
	char *user = arena_strndup(spec, strcspn(spec, ":"));

	if (*user && find_user(root, user, plan, id, error))
		return -1;
	return colon && is_number(colon + 1)
		       ? user_read_id(colon + 1, &id->gid, error)
		       : 0;
}

/* What rind may not change has to be so already, or asking for it fails. */
static int check_privilege(struct app *app, struct error *error)
{
	struct identity *id = &app->identity;
	const char *spec = app->plan->identity.user
				   ? app->plan->identity.user
				   : app->plan->identity.groups;
	bool setuid = app->inherited->effective & capset_bit(CAP_SETUID);
	bool setgid = app->inherited->effective & capset_bit(CAP_SETGID);
	int stand;

	if (id->uid != app->inherited->uid && !setuid)
		return error_set(error, "user", spec,
				 "rind may not change its user",
				 "needs CAP_SETUID: start it as root, docker "
				 "run --cap-add=SETUID");
	if (setgid && !ids_groups_are_frozen())
		return 0;
	if (id->gid != app->inherited->gid && !setgid)
		return error_set(error, "user", spec,
				 "rind may not change its group",
				 "needs CAP_SETGID: start it as root, docker "
				 "run --cap-add=SETGID");
	/*
	 * The engine's choice for a user that it chose as well stands (an
	 * fsGroup of Kubernetes, say); root's own groups must not stay. Those
	 * of the caller of a user namespace, where root is any user, cannot go.
	 */
	stand = groups_are_in_force(id);
	if (stand < 0)
		return error_errno(error, "user", "groups", NULL);
	if (!stand &&
	    (app->plan->identity.groups || id->uid != app->inherited->uid))
		return error_set(error, "user", spec,
				 "rind may not change its groups",
				 "needs CAP_SETGID in a user namespace that "
				 "allows setgroups");
	id->set_groups = false;
	if (!stand && setgid)
		log_line(
			"user: the groups that rind was started with stay: this "
			"user namespace forbids setgroups",
			LOG_NOW);
	return 0;
}

int user_prepare(struct app *app, struct error *error)
{
	struct identity *id = &app->identity;
	const struct plan *plan = app->plan;

	*id = (struct identity){ .uid = app->inherited->uid,
				 .gid = app->inherited->gid };
	id->set_groups = plan->identity.user || plan->identity.groups;
	if (plan->identity.one_by_one) {
		if (find_one_by_one(plan, id, error))
			return -1;
	} else if (plan->identity.user && find_identity(plan, id, error)) {
		return -1;
	}
	if (plan->identity.groups &&
	    find_groups(plan->identity.groups, id, error))
		return -1;
	/* Whatever number root has inside: outside it is root. */
	if (plan->identity.refuse_root && app->inherited->by_root &&
	    (!plan->identity.user || *plan->identity.user == ':'))
		return error_set(error, "user", "root",
				 "the app would run as root",
				 "name a user: --user=USER, or --user=0 if "
				 "that is meant");
	groups_sort(id);
	return check_privilege(app, error);
}

int gid_setup(struct app *app, struct error *error)
{
	gid_t gid = app->identity.gid;

	if (syscall(SYS_setresgid, gid, gid, gid))
		return error_errno(error, "user", "gid",
				   "is it mapped in this user namespace?");
	return 0;
}

int uid_setup(struct app *app, struct error *error)
{
	uid_t uid = app->identity.uid;

	if (syscall(SYS_setresuid, uid, uid, uid))
		return error_errno(error, "user", "uid",
				   "is it mapped in this user namespace?");
	return 0;
}
