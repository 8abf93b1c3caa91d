/*
 * What can be asserted about a process: a row for each, with how its value is
 * read, what has to be the case, and the rows of the table that tell what is
 * the case instead.
 */
#include "check/assertions.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "check/descriptors.h"
#include "check/namespaces.h"
#include "check/rows.h"
#include "setup/caps.h"
#include "setup/passwd.h"

#define FDS_STANDARD UINT64_MAX

struct assertion {
	/* In place, not pointed to: a relocation is 24 bytes of the file. */
	char name[13];
	char value[15]; /* its grammar; "": it takes none */
	/* Returns 0, or -1 with *ERROR, or with *REASON for its caller. */
	int (*read)(struct asked *asked, const char *value, const char **reason,
		    struct error *error);
	/* NULL: it holds where the verdict on all of its rows is good. */
	bool (*holds)(const struct process *p, const struct asked *asked);
	uint32_t rows; /* a bit for each */
};

static bool is_nonroot(const struct process *p, const struct asked *asked)
{
	unsigned int ids[4];

	(void)asked;
	return fact_ids(p, UIDS, ids) && ids[0] && ids[1] && ids[2] && ids[3];
}

/* Digits alone are always a number, as in --user. */
static int read_id(struct asked *asked, const char *value, const char **reason)
{
	unsigned long number;

	if (!*value || value[strspn(value, "0123456789")])
		return 1;
	*reason = ID_REASON;
	if (number_read(value, ID_MAX, &number))
		return -1;
	asked->number = number;
	return 0;
}

static int read_user(struct asked *asked, const char *value,
		     const char **reason, struct error *error)
{
	struct passwd_entry entry;
	int result = read_id(asked, value, reason);

	if (result <= 0)
		return result;
	*reason = "no such user in /etc/passwd";
	result = passwd_by_name(-1, value, &entry, error);
	if (result < 0)
		*reason = NULL;
	if (result != 1)
		return -1;
	asked->number = entry.uid;
	return 0;
}

static int read_group(struct asked *asked, const char *value,
		      const char **reason, struct error *error)
{
	gid_t gid;
	int result = read_id(asked, value, reason);

	if (result <= 0)
		return result;
	*reason = "no such group in /etc/group";
	result = group_by_name(value, &gid, error);
	if (result < 0)
		*reason = NULL;
	if (result != 1)
		return -1;
	asked->number = gid;
	return 0;
}

static bool are_ids(const struct process *p, enum id_kind kind, uint64_t id)
{
	unsigned int ids[4];

	return fact_ids(p, kind, ids) && ids[0] == id && ids[1] == id &&
	       ids[2] == id && ids[3] == id;
}

static bool is_user(const struct process *p, const struct asked *asked)
{
	return are_ids(p, UIDS, asked->number);
}

static bool is_group(const struct process *p, const struct asked *asked)
{
	return are_ids(p, GIDS, asked->number);
}

static int read_groups(struct asked *asked, const char *value,
		       const char **reason, struct error *error)
{
	char *rest = strcmp(value, "none") ? strdup(value) : NULL;
	char *name;

	while ((name = strsep(&rest, ","))) {
		if (read_group(asked, name, reason, error))
			return -1;
		*reason = NULL;
		if (groups_append((gid_t)asked->number, &asked->gids.list,
				  &asked->gids.count, error))
			return -1;
	}
	return 0;
}

/* Whether all of SOME are among ALL, or are GID. */
static bool are_among(const struct gids *some, const struct gids *all,
		      gid_t gid)
{
	for (size_t i = 0; i < some->count; i++) {
		bool found = some->list[i] == gid;

		for (size_t j = 0; !found && j < all->count; j++)
			found = some->list[i] == all->list[j];
		if (!found)
			return false;
	}
	return true;
}

/* The primary group gives nothing more by standing in the list as well. */
static bool are_groups(const struct process *p, const struct asked *asked)
{
	struct gids gids;
	unsigned int gid[4];

	return fact_groups(p, &gids) && fact_ids(p, GIDS, gid) &&
	       are_among(&gids, &asked->gids, gid[1]) &&
	       are_among(&asked->gids, &gids, gid[1]);
}

static int read_caps(struct asked *asked, const char *value,
		     const char **reason, struct error *error)
{
	struct plan_caps caps = { 0 };

	(void)error;
	*reason = caps_add_list(&caps, value);
	asked->number = caps.all ? capset_known() : caps.whitelist;
	return *reason ? -1 : 0;
}

static bool is_capset(const struct process *p, enum capset which, uint64_t set)
{
	uint64_t held;

	return fact_caps(p, which, &held) && held == set;
}

static bool are_caps(const struct process *p, const struct asked *asked)
{
	return is_capset(p, CAPSET_PERMITTED, asked->number) &&
	       is_capset(p, CAPSET_EFFECTIVE, asked->number) &&
	       is_capset(p, CAPSET_INHERITABLE, asked->number) &&
	       is_capset(p, CAPSET_AMBIENT, asked->number);
}

static bool is_bounding(const struct process *p, const struct asked *asked)
{
	return is_capset(p, CAPSET_BOUNDING, asked->number);
}

static int read_word(struct asked *asked, const char *value,
		     const char **reason, struct error *error);

static int read_fds(struct asked *asked, const char *value, const char **reason,
		    struct error *error)
{
	unsigned long number = 0;

	(void)error;
	*reason = "neither a number nor \"standard\"";
	asked->number = FDS_STANDARD;
	if (!strcmp(value, "standard"))
		return 0;
	if (number_read(value, UINT32_MAX, &number))
		return -1;
	asked->number = number;
	return 0;
}

static bool are_fds(const struct process *p, const struct asked *asked)
{
	struct descriptors d;
	struct values values = { 0 };

	return descriptors_of(p, &d, &values) &&
	       (asked->number == FDS_STANDARD ? !d.beyond
					      : d.count == asked->number);
}

static bool is_pid1(const struct process *p, const struct asked *asked)
{
	uint64_t pid;

	return fact_inner_pid(p, &pid) &&
	       (pid == 1) == (asked->assertion->name[0] == 'p');
}

static bool add_namespace(uint64_t *set, const char *word, size_t length)
{
	bool all = length == 3 && !memcmp(word, "all", 3);
	bool found = all;

	for (int kind = 0; kind < NAMESPACES; kind++) {
		const char *name = namespace_name(kind);

		if (!all &&
		    (strlen(name) != length || memcmp(name, word, length)))
			continue;
		*set |= 1ULL << kind;
		found = true;
	}
	return found;
}

static int read_namespaces(struct asked *asked, const char *value,
			   const char **reason, struct error *error)
{
	(void)error;
	*reason = "no such namespace";
	for (;;) {
		size_t length = strcspn(value, ",");
		/* The word of --unshare beside the kernel's. */
		bool is_mount = length == 5 && !memcmp(value, "mount", 5);

		if (!add_namespace(&asked->number, is_mount ? "mnt" : value,
				   is_mount ? 3 : length))
			return -1;
		if (!value[length])
			return 0;
		value += length + 1;
	}
}

static bool are_own(const struct process *p, const struct asked *asked)
{
	for (int kind = 0; kind < NAMESPACES; kind++)
		if (asked->number & 1ULL << kind &&
		    namespace_of(p, kind).sharing != SHARED_NOT)
			return false;
	return true;
}

static bool are_not_host(const struct process *p, const struct asked *asked)
{
	for (int kind = 0; kind < NAMESPACES; kind++)
		if (asked->number & 1ULL << kind &&
		    !namespace_of(p, kind).not_host)
			return false;
	return true;
}

#define ROW(row) (1U << ROW_##row)

static const struct assertion assertions[] = {
	{ "nonroot", "", NULL, is_nonroot, ROW(UIDS) },
	{ "user", "USER", read_user, is_user, ROW(UIDS) },
	{ "group", "GROUP", read_group, is_group, ROW(GIDS) },
	{ "groups", "none|G[,G]...", read_groups, are_groups, ROW(GROUPS) },
	{ "caps", "none|LIST", read_caps, are_caps,
	  ROW(PERMITTED) | ROW(EFFECTIVE) | ROW(INHERITABLE) | ROW(AMBIENT) },
	{ "bounding", "none|LIST", read_caps, is_bounding, ROW(BOUNDING) },
	{ "securebits", "locked", read_word, NULL, ROW(SECUREBITS) },
	{ "no-new-privs", "", NULL, NULL, ROW(NEW_PRIVS) },
	{ "seccomp", "", NULL, NULL, ROW(SECCOMP) },
	{ "ns", "LIST", read_namespaces, are_own, ROW(NAMESPACES) },
	{ "not-host", "LIST", read_namespaces, are_not_host, ROW(NAMESPACES) },
	{ "root", "read-only", read_word, NULL, ROW(ROOT) },
	{ "mounts", "read-only", read_word, NULL, ROW(WRITABLE) },
	{ "masked", "", NULL, NULL, ROW(UNMASKED) | ROW(UNPROTECTED) },
	{ "fds", "N|standard", read_fds, are_fds, ROW(DESCRIPTORS) },
	{ "pid1", "", NULL, is_pid1, ROW(PROCESS) },
	{ "not-pid1", "", NULL, is_pid1, ROW(PROCESS) },
	{ "not-dumpable", "", NULL, NULL, ROW(DUMPABLE) },
	{ "no-tracer", "", NULL, NULL, ROW(TRACER) },
};

enum {
	ASSERTIONS = sizeof(assertions) / sizeof(assertions[0])
};

/* For an assertion whose value can be but one word. */
static int read_word(struct asked *asked, const char *value,
		     const char **reason, struct error *error)
{
	(void)error;
	*reason = "no such value";
	return strcmp(value, asked->assertion->value) ? -1 : 0;
}

static int unknown(const char *word, struct error *error)
{
	char known[400];
	struct text text = text_in(known, sizeof(known));

	for (int i = 0; i < ASSERTIONS; i++) {
		text_add(&text, i ? ", " : "known: ");
		text_add(&text, assertions[i].name);
		text_add(&text, *assertions[i].value ? "=" : "");
	}
	return error_set(error, "check", word, "no such assertion", known);
}

int assertion_read(const char *word, struct asked *asked, struct error *error)
{
	size_t length = strcspn(word, "=");
	const char *value = word[length] ? word + length + 1 : NULL;
	const char *reason = NULL;
	const struct assertion *a = assertions;

	while (strlen(a->name) != length || memcmp(a->name, word, length))
		if (++a == assertions + ASSERTIONS)
			return unknown(word, error);
	*asked = (struct asked){ .text = word, .assertion = a };
	if (!*a->value && value)
		return error_set(error, "check", word, "takes no value",
				 a->name);
	if (*a->value && !value)
		return error_set(error, "check", word, "needs a value",
				 a->value);
	if (!value || !a->read(asked, value, &reason, error))
		return 0;
	return reason ? error_set(error, "check", word, reason, a->value) : -1;
}

bool assertion_holds(const struct asked *asked, const struct process *p)
{
	const struct assertion *a = asked->assertion;

	if (a->holds)
		return a->holds(p, asked);
	for (int row = 0; row < ROWS; row++) {
		struct values values = { 0 };

		if (a->rows & 1U << row &&
		    row_look((enum row)row, p, &values) != GOOD)
			return false;
	}
	return true;
}

void assertion_tell(const struct asked *asked, const struct process *p,
		    struct text *text)
{
	const char *between = "";

	for (int row = 0; row < ROWS; row++) {
		struct values values = { 0 };
		enum verdict verdict;

		if (!(asked->assertion->rows & 1U << row))
			continue;
		verdict = row_look((enum row)row, p, &values);
		text_add(text, between);
		text_add(text, row_name((enum row)row));
		text_add(text, " ");
		values_join(text, &values, verdict);
		between = "; ";
	}
}
