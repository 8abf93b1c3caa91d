/* setpriv(1): ids, groups, capability sets and securebits, each by itself. */
#include <linux/securebits.h>
#include <stddef.h>
#include <string.h>

#include "compat/profile.h"
#include "lib/array.h"
#include "lib/signals.h"
#include "lib/words.h"
#include "sys/capset.h"

/* keep_caps alone cannot be asked for. */
static const struct {
	const char *name;
	unsigned int bit;
} securebits[] = {
	{ "noroot", SECBIT_NOROOT },
	{ "noroot_locked", SECBIT_NOROOT_LOCKED },
	{ "no_setuid_fixup", SECBIT_NO_SETUID_FIXUP },
	{ "no_setuid_fixup_locked", SECBIT_NO_SETUID_FIXUP_LOCKED },
	{ "keep_caps_locked", SECBIT_KEEP_CAPS_LOCKED },
};

/* The bits that NAME, of LENGTH bytes, stands for; 0: no such name. */
typedef uint64_t find_bits(const char *name, size_t length);

static uint64_t find_capability(const char *name, size_t length)
{
	int cap;

	if (word_is(name, length, "all"))
		return capset_known();
	cap = capset_from_name(name, length);
	return cap < 0 ? 0 : capset_bit(cap);
}

static uint64_t find_securebit(const char *name, size_t length)
{
	uint64_t all = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(securebits); i++) {
		if (word_is(name, length, securebits[i].name))
			return securebits[i].bit;
		all |= securebits[i].bit;
	}
	return word_is(name, length, "all") ? all : 0;
}

/* ITEM is "+NAME" or "-NAME", of LENGTH bytes. */
static bool change_item(struct plan_change *change, find_bits *find,
			const char *item, size_t length)
{
	uint64_t bits;

	if (length < 2 || (*item != '+' && *item != '-'))
		return false;
	bits = find(item + 1, length - 1);
	if (!bits)
		return false;
	change->set &= ~bits;
	change->clear &= ~bits;
	if (*item == '+')
		change->set |= bits;
	else
		change->clear |= bits;
	return true;
}

static const char *change_list(struct plan_change *change, find_bits *find,
			       const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");

		if (!change_item(change, find, value, length))
			return "not a list of +NAME and -NAME";
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static const char *change_inheritable(struct plan *plan, const char *value)
{
	return change_list(&plan->confinement.changes[SET_INHERITABLE],
			   find_capability, value);
}

static const char *change_ambient(struct plan *plan, const char *value)
{
	return change_list(&plan->confinement.changes[SET_AMBIENT],
			   find_capability, value);
}

static const char *change_bounding(struct plan *plan, const char *value)
{
	return change_list(&plan->confinement.changes[SET_BOUNDING],
			   find_capability, value);
}

static const char *change_securebits(struct plan *plan, const char *value)
{
	/* As setpriv: some of the bits lock others. */
	if (strstr(value, "+all"))
		return "not a list of +NAME and -NAME";
	return change_list(&plan->confinement.changes[SET_SECUREBITS],
			   find_securebit, value);
}

static const char *read_user(struct plan *plan, const char *value)
{
	plan->identity.user = value;
	return NULL;
}

static const char *read_group(struct plan *plan, const char *value)
{
	plan->identity.group = value;
	return NULL;
}

static const char one_source[] =
	"more than one of --groups, --clear-groups, --keep-groups and "
	"--init-groups";

static const char *take_groups_from(struct plan *plan, enum plan_groups from)
{
	if (plan->identity.groups_from)
		return one_source;
	plan->identity.groups_from = from;
	return NULL;
}

static const char *clear_groups(struct plan *plan, const char *value)
{
	(void)value;
	return take_groups_from(plan, GROUPS_CLEAR);
}

static const char *keep_groups(struct plan *plan, const char *value)
{
	(void)value;
	return take_groups_from(plan, GROUPS_KEEP);
}

static const char *init_groups(struct plan *plan, const char *value)
{
	(void)value;
	return take_groups_from(plan, GROUPS_INIT);
}

static const char *set_no_new_privs(struct plan *plan, const char *value)
{
	(void)value;
	plan->confinement.allow_new_privs = false;
	return NULL;
}

static const char *reset_environment(struct plan *plan, const char *value)
{
	(void)value;
	plan->environment.reset = true;
	plan->environment.set_home = true;
	plan->environment.set_login = true;
	return NULL;
}

static const char *read_parent_death(struct plan *plan, const char *value)
{
	int *signal = &plan->supervision.parent_death;

	if (!strcmp(value, "keep"))
		return NULL;
	if (!strcmp(value, "clear")) {
		*signal = -1;
		return NULL;
	}
	*signal = signal_from_name(value);
	if (*signal >= 0)
		return NULL;
	return "not a signal, keep or clear";
}

static const struct profile_option options[] = {
	{ .name = "reuid",
	  .metavar = "USER",
	  .help = "set the uid",
	  .action.read = read_user },
	{ .name = "regid",
	  .metavar = "GROUP",
	  .help = "set the gid",
	  .action.read = read_group },
	{ .name = "clear-groups",
	  .help = "drop the supplementary groups",
	  .action.read = clear_groups },
	{ .name = "keep-groups",
	  .help = "keep the supplementary groups",
	  .action.read = keep_groups },
	{ .name = "init-groups",
	  .help = "take the groups of the user",
	  .action.read = init_groups },
	{ .name = "groups", .metavar = "G,...", .action.option = "groups" },
	{ .name = "inh-caps",
	  .metavar = "+CAP,-CAP,...",
	  .help = "change the inheritable set",
	  .action.read = change_inheritable },
	{ .name = "ambient-caps",
	  .metavar = "+CAP,-CAP,...",
	  .help = "change the ambient set",
	  .action.read = change_ambient },
	{ .name = "bounding-set",
	  .metavar = "+CAP,-CAP,...",
	  .help = "change the bounding set",
	  .action.read = change_bounding },
	{ .name = "securebits",
	  .metavar = "+BIT,-BIT,...",
	  .help = "change the securebits",
	  .action.read = change_securebits },
	{ .name = "no-new-privs",
	  .help = "set no_new_privs",
	  .action.read = set_no_new_privs },
	{ .name = "nnp",
	  .help = "set no_new_privs",
	  .action.read = set_no_new_privs },
	{ .name = "pdeathsig",
	  .metavar = "SIG|keep|clear",
	  .help = "set the signal at the parent's death",
	  .action.read = read_parent_death },
	{ .name = "reset-env",
	  .help = "start from a clean environment",
	  .action.read = reset_environment },
	{ .letter = 'h',
	  .name = "help",
	  .help = "print this help",
	  .answer = ANSWER_HELP },
	{ .letter = 'V',
	  .name = "version",
	  .help = "print the version",
	  .answer = ANSWER_VERSION },
	{ 0 },
};

static void begin(struct plan *plan)
{
	plan->identity.one_by_one = true;
	plan->identity.unlisted_keeps_gid = true;
	plan->confinement.keep_caps = true;
	plan->process.shell_fallback = true;
	plan->supervision.exec = true;
}

static const char *finish(struct plan *plan)
{
	const struct plan_identity *identity = &plan->identity;

	if (identity->groups_from && identity->groups)
		return one_source;
	if (identity->group && !identity->groups_from && !identity->groups)
		return "--regid needs --keep-groups, --clear-groups, "
		       "--init-groups or --groups";
	if (identity->groups_from == GROUPS_INIT && !identity->user)
		return "--init-groups needs --reuid";
	return NULL;
}

static const char *const names[] = { "setpriv", NULL };

const struct profile setpriv_profile = {
	.names = names,
	.version_prefix = "setpriv ",
	.usage = "[OPTION]... COMMAND [ARG]...",
	.options = options,
	.exit_codes = { .failed = 1,
			.cannot_run = 126,
			.not_found = 127,
			.exec_failed = 127 },
	.begin = begin,
	.finish = finish,
};
