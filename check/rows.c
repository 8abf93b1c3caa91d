/* The rows of --check: each shows a fact and judges it. */
#include "check/rows.h"

#include <errno.h>
#include <linux/securebits.h>
#include <string.h>

#include "lib/text.h"
#include "sys/capset.h"

/* Each of these opens the machine, or every file on it, to whoever holds it. */
static const uint64_t gives_the_host_away =
	1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_SYS_MODULE |
	1ULL << CAP_SYS_RAWIO | 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_SYS_ADMIN |
	1ULL << CAP_SYS_BOOT | 1ULL << CAP_BPF;

static enum verdict look_process(const struct process *p, int what,
				 struct values *values)
{
	uint64_t pid;
	char *name = p->proc < 0 ? NULL : read_at(p->proc, "comm");

	(void)what;
	if (!fact_pid(p, &pid))
		return UNKNOWN;
	value_add_number(values, NULL, pid);
	if (name && *name) {
		name[strlen(name) - 1] = '\0';
		value_add(values, NULL, name);
	}
	return NONE;
}

/* Real, effective, saved and file system id (credentials(7)). */
static enum verdict look_ids(const struct process *p, int kind,
			     struct values *values)
{
	const char *at = fact_text(p, kind == UIDS ? "\nUid:" : "\nGid:");
	uint64_t ids[4];
	bool same = true;
	bool root = false;

	for (int i = 0; i < 4; i++) {
		if (!at || !scan_number(&at, 10, &ids[i]))
			return UNKNOWN;
		same &= ids[i] == ids[0];
		root |= !ids[i];
	}
	for (int i = 0; i < (same ? 1 : 4); i++)
		value_add_number(values, NULL, ids[i]);
	if (root)
		return kind == UIDS ? BAD : WEAK;
	return same ? GOOD : WEAK;
}

static enum verdict look_groups(const struct process *p, int what,
				struct values *values)
{
	const char *at = fact_text(p, "\nGroups:");
	enum verdict verdict = at ? GOOD : UNKNOWN;
	uint64_t gid;

	(void)what;
	while (at && scan_number(&at, 10, &gid)) {
		value_add_number(values, NULL, gid);
		if (!gid)
			verdict = WEAK;
	}
	return verdict;
}

void values_add_caps(struct values *values, uint64_t set)
{
	uint64_t known = capset_known();
	char name[32];

	if ((set & known) == known)
		value_add(values, NULL, "all");
	else
		for (int cap = 0; cap < 64; cap++)
			if (set & capset_bit(cap))
				value_add(values, NULL,
					  capset_name(cap, name, sizeof(name)));
}

/* What is only bounding cannot be had: a bad one there is but a weakness. */
static enum verdict look_caps(const struct process *p, int which,
			      struct values *values)
{
	uint64_t set;

	if (!fact_caps(p, (enum capset)which, &set))
		return UNKNOWN;
	values_add_caps(values, set);
	if (!set)
		return GOOD;
	return set & gives_the_host_away && which != CAPSET_BOUNDING ? BAD
								     : WEAK;
}

static enum verdict look_securebits(const struct process *p, int what,
				    struct values *values)
{
	static const char names[][18] = {
		"noroot",          "noroot-locked",     "no-fixup",
		"no-fixup-locked", "keep-caps",         "keep-caps-locked",
		"no-ambient",      "no-ambient-locked",
	};
	unsigned int wanted = capset_locked_securebits(false);
	uint64_t bits;

	(void)what;
	if (!fact(p, "\nSecurebits:", &bits))
		return UNKNOWN;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & 1U << i)
			value_add(values, NULL, names[i]);
	return (bits & wanted) == wanted ? GOOD : WEAK;
}

/* no_new_privs, and the mode of seccomp. */
static enum verdict look_mode(const struct process *p, int seccomp,
			      struct values *values)
{
	static const char modes[][2][7] = { { "off", "off" },
					    { "on", "strict" },
					    { "", "filter" } };
	uint64_t mode;
	uint64_t filters;

	if (!fact(p, seccomp ? "\nSeccomp:" : "\nNoNewPrivs:", &mode) ||
	    mode > 2)
		return UNKNOWN;
	value_add(values, NULL, modes[mode][seccomp]);
	if (seccomp && mode && fact(p, "\nSeccomp_filters:", &filters))
		value_add_number(values, "filters=", filters);
	return mode ? GOOD : WEAK;
}

/* What AppArmor and SELinux call a process that they let do everything. */
static bool lsm_confines(const char *label)
{
	static const char open[][13] = { "unconfined", "(complain)",
					 ":spc_t:", ":kernel_t:", ":init_t:" };

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (strstr(label, open[i]))
			return false;
	return true;
}

static enum verdict look_lsm(const struct process *p, int what,
			     struct values *values)
{
	char *label;

	(void)what;
	if (p->proc < 0)
		return UNKNOWN;
	label = read_at(p->proc, "attr/current");
	/* EINVAL: no security module has labels; ENOENT: the kernel has none */
	if (!label)
		return errno == EINVAL || errno == ENOENT ? WEAK : UNKNOWN;
	label[strcspn(label, "\n")] = '\0';
	if (!*label)
		return WEAK;
	value_add(values, NULL, label);
	return lsm_confines(label) ? GOOD : WEAK;
}

/* INSIDE:OUTSIDE:COUNT; an outside id 0 is the outer root itself. */
static enum verdict look_map(const struct process *p, int kind,
			     struct values *values)
{
	enum verdict verdict = GOOD;
	const char *at = p->proc < 0
				 ? NULL
				 : read_at(p->proc, kind == UIDS ? "uid_map"
								 : "gid_map");
	uint64_t number[3];

	if (!at)
		return UNKNOWN;
	while (scan_number(&at, 10, &number[0]) &&
	       scan_number(&at, 10, &number[1]) &&
	       scan_number(&at, 10, &number[2])) {
		char buffer[80];
		struct text text = text_in(buffer, sizeof(buffer));

		for (int i = 0; i < 3; i++) {
			text_add(&text, i ? ":" : "");
			text_addf(&text, "%llu", (unsigned long long)number[i]);
		}
		value_add(values, NULL, buffer);
		if (!number[1])
			verdict = WEAK;
		at += *at == '\n';
	}
	return verdict;
}

static enum verdict look_dumpable(const struct process *p, int what,
				  struct values *values)
{
	bool dumpable;

	(void)what;
	if (!fact_dumpable(p, &dumpable))
		return UNKNOWN;
	value_add(values, NULL, dumpable ? "yes" : "no");
	return dumpable ? WEAK : GOOD;
}

static enum verdict look_tracer(const struct process *p, int what,
				struct values *values)
{
	uint64_t pid;

	(void)what;
	if (!fact(p, "\nTracerPid:", &pid))
		return UNKNOWN;
	if (!pid)
		return GOOD;
	value_add_number(values, NULL, pid);
	return BAD;
}

/* Yama's; the rest of the kernel lets any process of the same user trace. */
static enum verdict look_ptrace_scope(const struct process *p, int what,
				      struct values *values)
{
	const char *at;
	uint64_t scope;

	(void)what;
	if (p->proc < 0)
		return UNKNOWN;
	at = read_at(p->proc, "/proc/sys/kernel/yama/ptrace_scope");
	if (!at)
		return errno == ENOENT ? WEAK : UNKNOWN;
	if (!scan_number(&at, 10, &scope))
		return UNKNOWN;
	value_add_number(values, NULL, scope);
	return scope ? GOOD : WEAK;
}

static const struct {
	char name[16]; /* in place: a relocation is 24 bytes of the file */
	look *look;
	int what;
} rows[ROWS] = {
	[ROW_PROCESS] = { "process", look_process, 0 },
	[ROW_UIDS] = { "uids", look_ids, UIDS },
	[ROW_GIDS] = { "gids", look_ids, GIDS },
	[ROW_GROUPS] = { "groups", look_groups, 0 },
	[ROW_PERMITTED] = { "permitted", look_caps, CAPSET_PERMITTED },
	[ROW_EFFECTIVE] = { "effective", look_caps, CAPSET_EFFECTIVE },
	[ROW_INHERITABLE] = { "inheritable", look_caps, CAPSET_INHERITABLE },
	[ROW_BOUNDING] = { "bounding", look_caps, CAPSET_BOUNDING },
	[ROW_AMBIENT] = { "ambient", look_caps, CAPSET_AMBIENT },
	[ROW_SECUREBITS] = { "securebits", look_securebits, 0 },
	[ROW_NEW_PRIVS] = { "no-new-privs", look_mode, 0 },
	[ROW_SECCOMP] = { "seccomp", look_mode, 1 },
	[ROW_LSM] = { "lsm", look_lsm, 0 },
	[ROW_NAMESPACES] = { "namespaces", look_namespaces, 0 },
	[ROW_UID_MAP] = { "uid-map", look_map, UIDS },
	[ROW_GID_MAP] = { "gid-map", look_map, GIDS },
	[ROW_ROOT] = { "root", look_root, 0 },
	[ROW_WRITABLE] = { "writable-mounts", look_mounts, MOUNTS_STORAGE },
	[ROW_MEMORY] = { "memory-mounts", look_mounts, MOUNTS_MEMORY },
	[ROW_UNMASKED] = { "unmasked", look_paths, PATHS_MASKED },
	[ROW_UNPROTECTED] = { "unprotected", look_paths, PATHS_PROTECTED },
	[ROW_DESCRIPTORS] = { "descriptors", look_descriptors, 0 },
	[ROW_DUMPABLE] = { "dumpable", look_dumpable, 0 },
	[ROW_TRACER] = { "tracer", look_tracer, 0 },
	[ROW_PTRACE_SCOPE] = { "ptrace-scope", look_ptrace_scope, 0 },
	[ROW_CGROUP] = { "cgroup", look_cgroup, 0 },
};

const char *row_name(enum row row)
{
	return rows[row].name;
}

enum verdict row_look(enum row row, const struct process *p,
		      struct values *values)
{
	return rows[row].look(p, rows[row].what, values);
}
