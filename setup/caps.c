/*
 * The whitelist of capabilities (capabilities(7)): what the app really holds,
 * also as a non-root user, and what can ever be held below it.
 */
#include "setup/caps.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/packed.h"
#include "base/text.h"
#include "setup/capset.h"
#include "setup/rooms.h"

/* Docker's default fourteen, docker-run(1). */
#define DOCKER_CAPS                                                          \
	(1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER | \
	 1ULL << CAP_FSETID | 1ULL << CAP_KILL | 1ULL << CAP_SETGID |        \
	 1ULL << CAP_SETUID | 1ULL << CAP_SETPCAP |                          \
	 1ULL << CAP_NET_BIND_SERVICE | 1ULL << CAP_NET_RAW |                \
	 1ULL << CAP_SYS_CHROOT | 1ULL << CAP_MKNOD |                        \
	 1ULL << CAP_AUDIT_WRITE | 1ULL << CAP_SETFCAP)

/* Adds the word of LENGTH bytes at WORD; returns what is wrong, or NULL. */
static const char *add_word(struct plan_caps *caps, const char *word,
			    size_t length)
{
	int cap;

	if (!length)
		return TEXT("an empty item in the list");
	if (length == 4 && !strncasecmp(word, "none", 4))
		return TEXT("\"none\" stands alone");
	if (length == 3 && !strncasecmp(word, "all", 3)) {
		caps->all = true;
		return NULL;
	}
	if (length == 6 && !strncasecmp(word, "docker", 6)) {
		caps->whitelist |= DOCKER_CAPS;
		return NULL;
	}
	cap = capset_from_name(word, length);
	if (cap < 0)
		return TEXT("no such capability (capabilities(7) lists them)");
	caps->whitelist |= capset_bit(cap);
	return NULL;
}

const char *caps_add_list(struct plan_caps *caps, const char *list)
{
	bool none = !strcasecmp(list, "none");

	if (none ? caps->whitelist || caps->all
		 : caps->given && !caps->whitelist && !caps->all)
		return TEXT("\"none\" stands alone");
	caps->given = true;
	if (none)
		return NULL;
	for (;;) {
		size_t length = strcspn(list, ",");
		const char *reason = add_word(caps, list, length);

		if (reason || !list[length])
			return reason;
		list += length + 1;
	}
}

static const char *read_cap(struct plan *plan, const char *value)
{
	return caps_add_list(&plan->caps, value);
}

static const struct option caps_options[] = {
	{ .name = "cap\0LIST\0" TEXT(
		  "the capabilities it holds: names, none*, docker, all"),
	  .read = read_cap,
	  .adds_up = true },
};

const struct facility caps_facility = { GROUP_PRIVILEGE,
					OPTIONS(caps_options) };

/* Names the first capability of MISSING in an error. */
static int missing(uint64_t set, const char *reason, const char *cure,
		   struct error *error)
{
	char name[32];
	char upper[32];
	char remedy[128];
	struct text text = text_in(remedy, sizeof(remedy));
	int cap = __builtin_ctzll(set);
	size_t i;

	capset_name(cap, name, sizeof(name));
	for (i = 0; name[i]; i++)
		upper[i] = name[i] >= 'a' && name[i] <= 'z'
				   ? (char)(name[i] - 32)
				   : name[i];
	upper[i] = '\0';
	text_add(&text, cure);
	text_add(&text, upper);
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
	app->no_setpcap = !(app->start->effective & capset_bit(CAP_SETPCAP));
	if (!app->no_setpcap || !(app->start->bounding & ~app->whitelist) ||
	    (!app->whitelist && !app->plan->allow_new_privs))
		return 0;
	return error_set(error, "caps", "bounding set",
			 TEXT("rind may not change it"),
			 TEXT("needs CAP_SETPCAP: start it as root, docker run "
			      "--cap-add=SETPCAP"));
}

int caps_inherit(struct inheritance *start, struct error *error)
{
	if (!capset_known_is_all() || capset_bounding(&start->bounding) ||
	    capset_read(&start->permitted, &start->effective,
			&start->inheritable))
		return error_set(error, "caps", "own",
				 TEXT("the kernel does not tell them"), NULL);
	return 0;
}

int caps_prepare(struct app *app, struct error *error)
{
	const struct plan_caps *caps = &app->plan->caps;
	uint64_t permitted = app->start->permitted;
	uint64_t list = caps->whitelist;

	if (app->plan->quirks) {
		app->no_setpcap = !(app->start->effective &
				    capset_bit(CAP_SETPCAP));
		return 0;
	}
	if (caps->all)
		list |= app->start->bounding;
	if (list & ~capset_known())
		return missing(list & ~capset_known(),
			       TEXT("this kernel does not know it"),
			       TEXT("it is too old for CAP_"), error);
	if (list & ~app->start->bounding)
		return missing(
			list & ~app->start->bounding,
			TEXT("not in the bounding set"),
			TEXT("the engine withholds it: docker run --cap-add="),
			error);
	if (list & ~permitted)
		return missing(list & ~permitted, TEXT("rind itself lacks it"),
			       TEXT("start rind as root; it needs CAP_"),
			       error);
	app->whitelist = list;
	return check_setpcap(app, error);
}

int bounding_setup(struct app *app, struct error *error)
{
	uint64_t bounding = app->start->bounding;
	uint64_t excess = app->no_setpcap ? 0 : bounding & ~app->whitelist;

	if (app->plan->quirks)
		excess = bounding & app->plan->changes[SET_BOUNDING].clear;
	if (excess && capset_drop_bounding(excess))
		return error_errno(error, "caps", "bounding set",
				   TEXT("needs CAP_SETPCAP"));
	return 0;
}

/* The sets as they are, but for what is to change. */
static int change_sets(const struct app *app, struct error *error)
{
	const struct plan_change *changes = app->plan->changes;
	const struct plan_change *inherit = &changes[SET_INHERITABLE];
	const struct plan_change *ambient = &changes[SET_AMBIENT];
	uint64_t inheritable = app->start->inheritable & ~inherit->clear;

	if ((inherit->set | inherit->clear | ambient->set | ambient->clear) &&
	    (capset_keep(app->start->permitted, inheritable | inherit->set) ||
	     capset_change_ambient(ambient->set, ambient->clear)))
		return error_errno(error, "caps", "inheritable, ambient", NULL);
	return 0;
}

int caps_setup(struct app *app, struct error *error)
{
	if (app->plan->quirks)
		return change_sets(app, error);
	if (capset_keep(app->whitelist, app->whitelist))
		return error_errno(error, "caps",
				   "permitted, effective, inheritable", NULL);
	if (capset_set_ambient(app->whitelist))
		return error_errno(error, "caps", "ambient", NULL);
	return 0;
}
