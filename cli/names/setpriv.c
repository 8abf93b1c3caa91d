/* setpriv(1): ids, groups, capability sets and securebits, each by itself. */
#include <string.h>

#include "base/packed.h"
#include "base/words.h"
#include "cli/names/tool.h"
#include "setup/capset.h"

/* linux/securebits.h, by number. KEEP_CAPS, no name here, is not to be had. */
static const char securebits[] =
	"noroot\0noroot_locked\0no_setuid_fixup\0"
	"no_setuid_fixup_locked\0,\0keep_caps_locked\0";

/* "+NAME" or "-NAME", with "all" and "cap_N" for capabilities. */
static int change_set(struct plan_change *change, bool bits, const char *item,
		      size_t length)
{
	bool all = length == 4 && !memcmp(item + 1, "all", 3);
	uint64_t mask = bits ? 0x2f : capset_known();
	uint64_t on;
	int bit;

	if (length < 2 || (*item != '+' && *item != '-') ||
	    (all && bits && *item == '+'))
		return -1;
	if (!all) {
		bit = bits ? word_find(securebits, item + 1, length - 1)
			   : capset_from_name(item + 1, length - 1);
		if (bit < 0)
			return -1;
		mask = capset_bit(bit);
	}
	on = *item == '+' ? mask : 0;
	change->set = (change->set & ~mask) | on;
	change->clear = (change->clear & ~mask) | (mask ^ on);
	return 0;
}

static const char *read_changes(struct plan *plan, enum changed_set set,
				const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");

		if (change_set(&plan->changes[set], set == SET_SECUREBITS,
			       value, length))
			return TEXT("no list of +NAME and -NAME");
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static const char *read_death(const char *value, int *signal)
{
	/* -1 is what a name that is none gives, and what clears it. */
	if (strcmp(value, "keep"))
		*signal = signal_from_name(value);
	if (*signal >= 0 || !strcmp(value, "clear"))
		return NULL;
	return TEXT("neither a signal, keep nor clear");
}

const char *setpriv_read(struct plan *plan, const char *name, const char *value)
{
	static const char sets[] = "iabs"; /* by enum changed_set */
	const char *set = strchr(sets, *name);

	if (set)
		return read_changes(plan, (enum changed_set)(set - sets),
				    value);
	if (*name == 'p')
		return read_death(value, &plan->supervision.parent_death);
	*(name[2] == 'u' ? &plan->user : &plan->group) = value;
	return NULL;
}

static const char *setpriv_finish(struct plan *plan)
{
	unsigned int modes = plan->quirks &
			     (QUIRK_INIT_GROUPS | QUIRK_CLEAR_GROUPS |
			      QUIRK_KEEP_GROUPS);

	plan->supervision.exec = true;
	if (modes & (modes - 1) || (modes && plan->groups))
		return TEXT(
			"of the options for groups only one can be in force");
	if (plan->group && !modes && !plan->groups)
		return TEXT("--regid needs --keep-groups, --clear-groups, "
			    "--init-groups or --groups");
	if (modes & QUIRK_INIT_GROUPS && !plan->user)
		return TEXT("--init-groups needs --reuid");
	return NULL;
}

const struct tool setpriv_tool = {
	.names = "setpriv \0setpriv\0",
	.finish = setpriv_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_SHELL | QUIRK_ONE_BY_ONE,
	.exits = { 1, 126, 127 },
	/* clang-format off */
	.options =
		OPTION(" ", "reuid", "=USER  " TEXT("uid"))
		OPTION(" ", "regid", "=GROUP  " TEXT("gid"))
		OPTION(" ", "clear-groups", "+o  " TEXT("no supplementary groups"))
		OPTION(" ", "keep-groups", "+p  " TEXT("the same groups"))
		OPTION(" ", "init-groups", "+n  " TEXT("the user's groups"))
		OPTION(" ", "groups", ":groups=G,...")
		OPTION(" ", "inh-caps", "=+CAP,-CAP,...  " TEXT("inheritable set"))
		OPTION(" ", "ambient-caps", "=+CAP,-CAP,...  " TEXT("ambient set"))
		OPTION(" ", "bounding-set", "=+CAP,-CAP,...  " TEXT("bounding set"))
		OPTION(" ", "securebits", "=+BIT,-BIT,...  " TEXT("securebits"))
		OPTION(" ", "no-new-privs", "+q  " TEXT("no setuid programs"))
		OPTION(" ", "nnp", "+q  " TEXT("the same"))
		OPTION(" ", "pdeathsig", "=SIG|keep|clear  " TEXT("when the parent dies"))
		OPTION(" ", "reset-env", "+m  " TEXT("a clean environment"))
		OPTION("h", "help", "h  " TEXT("this text"))
		OPTION("V", "version", "V  " TEXT("version")),
	/* clang-format on */
};
