/* The rows of --check that the process' status tells (sys/status.h). */
#include <linux/seccomp.h>
#include <string.h>

#include "check/judges.h"
#include "lib/array.h"
#include "sys/capset.h"
#include "sys/kernel_text.h"

/* Each of these opens the machine, or every file on it, to whoever holds it. */
static const uint64_t gives_the_host_away =
	1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_SYS_MODULE |
	1ULL << CAP_SYS_RAWIO | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_SYS_ADMIN |
	1ULL << CAP_SYS_BOOT | 1ULL << CAP_BPF;

enum verdict judge_process(const struct checked_process *process,
			   struct values *values)
{
	char *name = process->proc < 0
			     ? NULL
			     : kernel_text_read(process->proc, "comm");

	if (!process->status.pid.known)
		return VERDICT_UNKNOWN;
	value_add_number(values, NULL, process->status.pid.value);
	if (name && *name) {
		/* A newline may be in the name, too: the last one ends it. */
		name[strlen(name) - 1] = '\0';
		value_add(values, NULL, name);
	}
	return VERDICT_NONE;
}

/* One number where all are the same. IF_ROOT: the verdict on a 0 among them. */
static enum verdict judge_ids(const struct known_ids *ids, enum verdict if_root,
			      struct values *values)
{
	bool same = true;
	bool root = false;

	if (!ids->known)
		return VERDICT_UNKNOWN;
	for (int i = 0; i < IDS; i++) {
		same = same && ids->id[i] == ids->id[ID_REAL];
		root = root || ids->id[i] == 0;
	}
	for (int i = 0; i < (same ? 1 : IDS); i++)
		value_add_number(values, NULL, ids->id[i]);
	if (root)
		return if_root;
	return same ? VERDICT_GOOD : VERDICT_WEAK;
}

enum verdict judge_uids(const struct checked_process *process,
			struct values *values)
{
	return judge_ids(&process->status.uids, VERDICT_BAD, values);
}

enum verdict judge_gids(const struct checked_process *process,
			struct values *values)
{
	return judge_ids(&process->status.gids, VERDICT_WEAK, values);
}

enum verdict judge_groups(const struct checked_process *process,
			  struct values *values)
{
	const struct known_groups *groups = &process->status.groups;
	enum verdict verdict = VERDICT_GOOD;

	if (!groups->known)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < groups->count; i++) {
		value_add_number(values, NULL, groups->gids[i]);
		if (!groups->gids[i])
			verdict = VERDICT_WEAK;
	}
	return verdict;
}

/* IF_HOST: the verdict where one is in it that gives the host away. */
static enum verdict judge_capabilities(const struct checked_process *process,
				       enum capset which, enum verdict if_host,
				       struct values *values)
{
	const struct known_number *set = &process->status.capabilities[which];

	if (!set->known)
		return VERDICT_UNKNOWN;
	values_add_capabilities(values, set->value);
	if (!set->value)
		return VERDICT_GOOD;
	return set->value & gives_the_host_away ? if_host : VERDICT_WEAK;
}

enum verdict judge_permitted(const struct checked_process *process,
			     struct values *values)
{
	return judge_capabilities(process, CAPSET_PERMITTED, VERDICT_BAD,
				  values);
}

enum verdict judge_effective(const struct checked_process *process,
			     struct values *values)
{
	return judge_capabilities(process, CAPSET_EFFECTIVE, VERDICT_BAD,
				  values);
}

enum verdict judge_inheritable(const struct checked_process *process,
			       struct values *values)
{
	return judge_capabilities(process, CAPSET_INHERITABLE, VERDICT_BAD,
				  values);
}

/* What is in this set alone cannot be used. */
enum verdict judge_bounding(const struct checked_process *process,
			    struct values *values)
{
	return judge_capabilities(process, CAPSET_BOUNDING, VERDICT_WEAK,
				  values);
}

enum verdict judge_ambient(const struct checked_process *process,
			   struct values *values)
{
	return judge_capabilities(process, CAPSET_AMBIENT, VERDICT_BAD, values);
}

/* In the order of their bits, linux/securebits.h. */
static const char *const securebit_names[] = {
	"noroot",    "noroot-locked",    "no-fixup",   "no-fixup-locked",
	"keep-caps", "keep-caps-locked", "no-ambient", "no-ambient-locked",
};

enum verdict judge_securebits(const struct checked_process *process,
			      struct values *values)
{
	const struct known_number *bits = &process->status.securebits;
	unsigned int wanted = capset_locked_securebits(false);

	if (!bits->known)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LENGTH(securebit_names); i++)
		if (bits->value & 1ULL << i)
			value_add(values, NULL, securebit_names[i]);
	return (bits->value & wanted) == wanted ? VERDICT_GOOD : VERDICT_WEAK;
}

enum verdict judge_no_new_privs(const struct checked_process *process,
				struct values *values)
{
	const struct known_number *on = &process->status.no_new_privs;

	if (!on->known)
		return VERDICT_UNKNOWN;
	value_add(values, NULL, on->value ? "on" : "off");
	return on->value ? VERDICT_GOOD : VERDICT_WEAK;
}

enum verdict judge_seccomp(const struct checked_process *process,
			   struct values *values)
{
	static const char *const modes[] = {
		[SECCOMP_MODE_DISABLED] = "off",
		[SECCOMP_MODE_STRICT] = "strict",
		[SECCOMP_MODE_FILTER] = "filter",
	};
	const struct known_number *mode = &process->status.seccomp_mode;
	const struct known_number *filters = &process->status.seccomp_filters;

	if (!mode->known || mode->value > SECCOMP_MODE_FILTER)
		return VERDICT_UNKNOWN;
	value_add(values, NULL, modes[mode->value]);
	if (mode->value == SECCOMP_MODE_DISABLED)
		return VERDICT_WEAK;
	if (filters->known)
		value_add_number(values, "filters=", filters->value);
	return VERDICT_GOOD;
}

enum verdict judge_dumpable(const struct checked_process *process,
			    struct values *values)
{
	const struct known_number *dumpable = &process->status.dumpable;

	if (!dumpable->known)
		return VERDICT_UNKNOWN;
	value_add(values, NULL, dumpable->value ? "yes" : "no");
	return dumpable->value ? VERDICT_WEAK : VERDICT_GOOD;
}

enum verdict judge_tracer(const struct checked_process *process,
			  struct values *values)
{
	const struct known_number *pid = &process->status.tracer_pid;

	if (!pid->known)
		return VERDICT_UNKNOWN;
	if (!pid->value)
		return VERDICT_GOOD;
	value_add_number(values, NULL, pid->value);
	return VERDICT_BAD;
}
