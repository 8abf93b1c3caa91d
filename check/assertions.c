/*
 * What can be asserted about a process: a row for each, with how its value is
 * read, what has to be the case, and the rows of the table that tell it.
 */
#include "check/assertions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/rows.h"
#include "check/sharing.h"
#include "lib/arena.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/capability_list.h"
#include "sys/capset.h"
#include "sys/passwd.h"

#define FDS_STANDARD UINT64_MAX

/* How a value is read. */
enum reader {
	READ_WORD, /* it can be but one */
	READ_USER,
	READ_GROUPS,
	READ_CAPS,
	READ_NAMESPACES,
	READ_FDS,
};

/* What has to be the case, for each of its rows. */
enum rule {
	IS_GOOD,
	IS_NOT_ROOT,
	IS_WANTED, /* its values are those that are wanted, in any order */
	ARE_GROUPS,
	ARE_FDS,
	IS_PID1,
	IS_NOT_PID1,
	ARE_OWN,
	ARE_NOT_HOST,
};

struct assertion {
	/* In place, not pointed to: a pointer is relocated. */
	char name[13];
	char value[15]; /* its grammar; "": it takes none */
	unsigned char reader, rule;
	uint32_t rows; /* a bit for each */
};

#define ROW(row) (1U << ROW_##row)

static const struct assertion assertion_rows[] = {
	{ "nonroot", "", 0, IS_NOT_ROOT, ROW(UIDS) },
	{ "user", "USER", READ_USER, IS_WANTED, ROW(UIDS) },
	{ "group", "GROUP", READ_GROUPS, IS_WANTED, ROW(GIDS) },
	{ "groups", "none|G[,G]...", READ_GROUPS, ARE_GROUPS, ROW(GROUPS) },
	{ "caps", "none|LIST", READ_CAPS, IS_WANTED,
	  ROW(PERMITTED) | ROW(EFFECTIVE) | ROW(INHERITABLE) | ROW(AMBIENT) },
	{ "bounding", "none|LIST", READ_CAPS, IS_WANTED, ROW(BOUNDING) },
	{ "securebits", "locked", READ_WORD, IS_GOOD, ROW(SECUREBITS) },
	{ "no-new-privs", "", 0, IS_GOOD, ROW(NEW_PRIVS) },
	{ "seccomp", "", 0, IS_GOOD, ROW(SECCOMP) },
	{ "ns", "LIST", READ_NAMESPACES, ARE_OWN, ROW(NAMESPACES) },
	{ "not-host", "LIST", READ_NAMESPACES, ARE_NOT_HOST, ROW(NAMESPACES) },
	{ "root", "read-only", READ_WORD, IS_GOOD, ROW(ROOT) },
	{ "mounts", "read-only", READ_WORD, IS_GOOD, ROW(WRITABLE) },
	{ "masked", "", 0, IS_GOOD, ROW(UNMASKED) | ROW(UNPROTECTED) },
	{ "fds", "N|standard", READ_FDS, ARE_FDS, ROW(DESCRIPTORS) },
	{ "pid1", "", 0, IS_PID1, ROW(PROCESS) },
	{ "not-pid1", "", 0, IS_NOT_PID1, ROW(PROCESS) },
	{ "not-dumpable", "", 0, IS_GOOD, ROW(DUMPABLE) },
	{ "no-tracer", "", 0, IS_GOOD, ROW(TRACER) },
};

enum {
	ASSERTIONS = sizeof(assertion_rows) / sizeof(assertion_rows[0])
};

/* Digits alone are always a number, as in --user. */
static int add_id(struct asked *asked, const char *name, const char **reason,
		  struct error *error)
{
	struct passwd_entry entry;
	unsigned long number;
	int found = 1;

	if (*name && !name[strspn(name, "0123456789")]) {
		*reason = ID_REASON;
		if (number_read(name, ID_MAX, &number))
			return -1;
	} else if (asked->assertion->reader == READ_USER) {
		*reason = "no such user in /etc/passwd";
		found = passwd_by_name(-1, name, &entry, error);
		number = entry.uid;
	} else {
		*reason = "no such group in /etc/group";
		found = group_by_name(name, &entry.gid, error);
		number = entry.gid;
	}
	if (found < 0)
		*reason = NULL;
	if (found != 1)
		return -1;
	value_add_number(&asked->wanted, NULL, number);
	return 0;
}

/* "all", the kernel's word, or that of --unshare for "mnt". */
static int add_namespace(struct asked *asked, const char *word,
			 const char **reason)
{
	uint64_t before = asked->number;
	bool all = !strcmp(word, "all");

	*reason = "no such namespace";
	if (!strcmp(word, "mount"))
		word = "mnt";
	for (int kind = 0; kind < NAMESPACES; kind++)
		if (all || !strcmp(word, namespace_name(kind)))
			asked->number |= 1ULL << kind;
	return all || asked->number != before ? 0 : -1;
}

static int read_fds(struct asked *asked, const char *value, const char **reason)
{
	unsigned long number;

	*reason = "neither a number nor \"standard\"";
	asked->number = FDS_STANDARD;
	if (!strcmp(value, "standard"))
		return 0;
	if (number_read(value, UINT32_MAX, &number))
		return -1;
	asked->number = number;
	return 0;
}

static int read_list(struct asked *asked, const char *value,
		     const char **reason, struct error *error)
{
	bool ids = asked->assertion->reader != READ_NAMESPACES;
	bool one = asked->assertion->rule == IS_WANTED;
	char *copy = arena_strdup(value);
	char *rest = copy;
	char *word;
	int result = 0;

	if (asked->assertion->rule == ARE_GROUPS && !strcmp(value, "none"))
		rest = NULL;
	while (!result && (word = one ? rest : strsep(&rest, ","))) {
		result = ids ? add_id(asked, word, reason, error)
			     : add_namespace(asked, word, reason);
		rest = one ? NULL : rest;
	}
	return result;
}

/* Returns 0, or -1 with *ERROR, or with *REASON for its caller. */
static int assertion_value(struct asked *asked, const char *value,
			   const char **reason, struct error *error)
{
	struct capability_list caps = { 0 };

	switch (asked->assertion->reader) {
	case READ_WORD:
		*reason = "no such value";
		return strcmp(value, asked->assertion->value) ? -1 : 0;
	case READ_FDS:
		return read_fds(asked, value, reason);
	case READ_CAPS:
		*reason = capability_list_add(&caps, value);
		values_add_caps(&asked->wanted,
				caps.all ? capset_known() : caps.set);
		return *reason ? -1 : 0;
	default:
		return read_list(asked, value, reason, error);
	}
}

static int unknown_assertion(const char *word, struct error *error)
{
	char known[400];
	struct text text = text_in(known, sizeof(known));

	for (int i = 0; i < ASSERTIONS; i++) {
		text_add(&text, i ? ", " : "known: ");
		text_add(&text, assertion_rows[i].name);
		text_add(&text, *assertion_rows[i].value ? "=" : "");
	}
	return error_set(error, "check", word, "no such assertion", known);
}

int assertion_read(const char *word, struct asked *asked, struct error *error)
{
	size_t length = strcspn(word, "=");
	const char *value = word[length] ? word + length + 1 : NULL;
	const char *reason = NULL;
	const struct assertion *a = assertion_rows;

	while (strlen(a->name) != length || memcmp(a->name, word, length))
		if (++a == assertion_rows + ASSERTIONS)
			return unknown_assertion(word, error);
	*asked = (struct asked){ .text = word, .assertion = a };
	if (!*a->value && value)
		return error_set(error, "check", word, "takes no value",
				 a->name);
	if (*a->value && !value)
		return error_set(error, "check", word, "needs a value",
				 a->value);
	if (!value || !assertion_value(asked, value, &reason, error))
		return 0;
	return reason ? error_set(error, "check", word, reason, a->value) : -1;
}

/* Whether each of SOME is among ALL, or is EXCEPT. */
static bool are_among(const struct list *some, const struct list *all,
		      const char *except)
{
	for (size_t i = 0; i < some->length; i++) {
		bool found = !strcmp(some->items[i], except);

		for (size_t j = 0; !found && j < all->length; j++)
			found = !strcmp(some->items[i], all->items[j]);
		if (!found)
			return false;
	}
	return true;
}

static bool are_same(const struct asked *asked, const struct values *values,
		     const char *except)
{
	return are_among(&values->list, &asked->wanted.list, except) &&
	       are_among(&asked->wanted.list, &values->list, except);
}

/* The primary group gives nothing more by standing in the list as well. */
static bool are_groups(const struct asked *asked, const struct process *p,
		       const struct values *groups)
{
	struct values gids = { 0 };

	return row_look(ROW_GIDS, p, &gids) != UNKNOWN &&
	       are_same(asked, groups, gids.list.items[gids.list.length > 1]);
}

static bool are_namespaces(const struct asked *asked, const struct process *p)
{
	for (int kind = 0; kind < NAMESPACES; kind++) {
		struct ns ns;

		if (!(asked->number & 1ULL << kind))
			continue;
		ns = namespace_of(p, kind);
		if (asked->assertion->rule == ARE_OWN ? ns.sharing != SHARED_NOT
						      : !ns.not_host)
			return false;
	}
	return true;
}

static bool row_holds(const struct asked *asked, const struct process *p,
		      enum row row)
{
	struct values values = { 0 };
	enum verdict verdict = row_look(row, p, &values);
	enum rule rule = (enum rule)asked->assertion->rule;
	char *zero = (char[]){ "0" };
	const struct list root = { &zero, 1 };
	uint64_t pid;

	/* What is unknown in part is so by one namespace of many. */
	if (rule >= ARE_OWN)
		return are_namespaces(asked, p);
	if (verdict == UNKNOWN)
		return false;
	switch (rule) {
	case IS_NOT_ROOT:
		return !are_among(&root, &values.list, "");
	case IS_WANTED:
		return are_same(asked, &values, "");
	case ARE_GROUPS:
		return are_groups(asked, p, &values);
	case ARE_FDS:
		if (asked->number != FDS_STANDARD)
			return values.list.length == asked->number;
		return verdict == GOOD;
	case IS_PID1:
	case IS_NOT_PID1:
		return fact_inner_pid(p, &pid) &&
		       (pid == 1) == (rule == IS_PID1);
	default:
		return verdict == GOOD;
	}
}

bool assertion_holds(const struct asked *asked, const struct process *p)
{
	for (int row = 0; row < ROWS; row++)
		if (asked->assertion->rows & 1U << row &&
		    !row_holds(asked, p, (enum row)row))
			return false;
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
