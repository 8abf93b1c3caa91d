/*
 * From the names and numbers of the plan to an identity. Digits alone are
 * always a number, as in Docker; never a name.
 */
#include "setup/identity/user_lookup.h"

#include <stdbool.h>
#include <string.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "sys/ids.h"
#include "sys/passwd.h"

static int read_id(const char *text, uint32_t *id, struct error *error)
{
	if (id_read(text, id))
		return error_set(error, "user", text, ID_REASON, NULL);
	return 0;
}

static int look_up_group(const char *name, gid_t *gid, struct error *error)
{
	if (number_is_digits(name))
		return read_id(name, gid, error);
	switch (group_by_name(-1, name, gid, error)) {
	case LOOKUP_FOUND:
		return 0;
	case LOOKUP_NOT_FOUND:
		return error_set(error, "user", name,
				 "no such group in /etc/group",
				 "give its number, which needs no entry");
	case LOOKUP_FAILED:
		break;
	}
	return -1;
}

/*
 * For a uid that /etc/passwd does not list. It gets the gid of the same number:
 * the engines' own default, group 0, would own half of the image. setpriv, gosu
 * and su-exec leave the gid as it is.
 */
static struct passwd_entry make_unlisted_entry(const char *name,
					       const struct plan_identity *plan,
					       const struct identity *id)
{
	gid_t gid = plan->unlisted_keeps_gid ? id->gid : id->uid;

	return (struct passwd_entry){ .uid = id->uid,
				      .gid = gid,
				      .name = name,
				      .home = "/",
				      .shell = "/bin/sh" };
}

/* USER, a name or a number, in the files of ROOT; as in sys/passwd.h. */
static int look_up_user(int root, const char *user,
			const struct plan_identity *plan, struct identity *id,
			struct error *error)
{
	struct passwd_entry entry;
	bool by_number = number_is_digits(user);
	enum lookup found;

	if (by_number && read_id(user, &id->uid, error))
		return -1;
	found = by_number ? passwd_by_uid(root, id->uid, &entry, error)
			  : passwd_by_name(root, user, &entry, error);
	if (found == LOOKUP_FAILED)
		return -1;
	if (found == LOOKUP_NOT_FOUND && !by_number)
		return error_set(error, "user", user,
				 "no such user in /etc/passwd",
				 "give its number, which needs no entry");
	if (found == LOOKUP_NOT_FOUND)
		entry = make_unlisted_entry(user, plan, id);
	id->listed = found == LOOKUP_FOUND;
	id->uid = entry.uid;
	id->gid = entry.gid;
	id->name = entry.name;
	id->home = entry.home;
	id->shell = entry.shell;
	if (plan->refuse_root_alias && !id->uid && !by_number &&
	    strcmp(user, "root"))
		return error_set(error, "user", user, "root by another name",
				 "to run as root, give --user=0");
	return 0;
}

/* The user's own group is in the list too, as login(1) has it. */
static int add_groups_of_user(struct identity *id, struct error *error)
{
	if (groups_append(id->gid, &id->groups, &id->group_count, error))
		return -1;
	return groups_of_user(id->name, &id->groups, &id->group_count, error);
}

/* --groups=LIST: these, and no others. */
static int look_up_group_list(const char *list, struct identity *id,
			      struct error *error)
{
	char *rest = arena_strdup(list);
	const char *name;

	id->group_count = 0;
	while ((name = strsep(&rest, ","))) {
		gid_t gid = 0;

		if (look_up_group(name, &gid, error) ||
		    groups_append(gid, &id->groups, &id->group_count, error))
			return -1;
	}
	return 0;
}

/* --user=USER[:GROUP], either of which may be missing. */
static int look_up_user_and_group(const struct plan_identity *plan,
				  struct identity *id, struct error *error)
{
	const char *colon = strchrnul(plan->user, ':');
	const char *group = *colon ? colon + 1 : "";
	/* The identity goes on pointing into it. */
	char *user = arena_strndup(plan->user, (size_t)(colon - plan->user));

	/* Under a tool's name ":GROUP" has the home of rind's own user. */
	if (!*user && plan->find_own_user)
		user = arena_printf("%u", id->uid);
	if (*user && look_up_user(-1, user, plan, id, error))
		return -1;
	if (*group && look_up_group(group, &id->gid, error))
		return -1;
	if (plan->list_primary_group &&
	    groups_append(id->gid, &id->groups, &id->group_count, error))
		return -1;
	/* With a GROUP that is the only one. */
	if (*group)
		return 0;
	/* "1003" in /etc/group is the user of that name, not that number. */
	if (!id->listed)
		return 0;
	return groups_of_user(id->name, &id->groups, &id->group_count, error);
}

/* setpriv's way: uid, gid and groups stay unless each of them is named. */
static int look_up_each(const struct plan *plan, struct identity *id,
			struct error *error)
{
	const struct plan_identity *wanted = &plan->identity;
	const char *user = wanted->user;
	bool init_groups = wanted->groups_from == GROUPS_INIT;
	gid_t gid = id->gid;

	/* --reset-env needs the home and shell of whoever it is. */
	if (!user && plan->environment.reset)
		user = arena_printf("%u", id->uid);
	if (user && look_up_user(-1, user, wanted, id, error))
		return -1;
	if (init_groups && !id->listed)
		return error_set(error, "user", user,
				 "--init-groups needs its name",
				 "add it to /etc/passwd");
	if (init_groups && add_groups_of_user(id, error))
		return -1;
	id->set_groups = wanted->groups || init_groups ||
			 wanted->groups_from == GROUPS_CLEAR;
	id->gid = gid;
	if (wanted->group)
		return look_up_group(wanted->group, &id->gid, error);
	return 0;
}

int user_look_up(const struct plan *plan, struct identity *id,
		 struct error *error)
{
	const struct plan_identity *wanted = &plan->identity;

	id->set_groups = wanted->user || wanted->groups;
	if (wanted->one_by_one) {
		if (look_up_each(plan, id, error))
			return -1;
	} else if (wanted->user) {
		if (look_up_user_and_group(wanted, id, error))
			return -1;
	}
	if (wanted->groups)
		return look_up_group_list(wanted->groups, id, error);
	return 0;
}

int user_look_up_inside(int root, const struct plan_identity *plan,
			struct identity *id, struct error *error)
{
	const char *colon = strchrnul(plan->user, ':');
	char *user = arena_strndup(plan->user, (size_t)(colon - plan->user));

	if (*user && look_up_user(root, user, plan, id, error))
		return -1;
	if (*colon && number_is_digits(colon + 1))
		return read_id(colon + 1, &id->gid, error);
	return 0;
}
