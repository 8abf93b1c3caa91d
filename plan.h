/*
 * struct plan: all that was asked for, and nothing else.
 *
 * Parsing fills it and makes no system call that changes anything; the steps
 * read it and never argv. Strings and lists are borrowed from argv and live as
 * long as the process. An option that was not given leaves its field at zero
 * unless the field says otherwise.
 */
#ifndef RIND_PLAN_H
#define RIND_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "base/list.h"
#include "base/signals.h"
#include "base/text.h"

enum forward_to {
	FORWARD_MAIN,  /* the app alone */
	FORWARD_GROUP, /* its process group */
	FORWARD_ALL,   /* every process of the container */
};

struct plan_caps {
	uint64_t whitelist; /* bit N is capability N */
	bool all;           /* whatever the bounding set holds */
	bool given;
};

/* Who has set a thing that can be set once: the command line wins. */
enum origin {
	ORIGIN_DEFAULT,
	ORIGIN_CONFIG,
	ORIGIN_COMMAND_LINE,
};

struct plan_limit {
	enum origin given;
	struct rlimit value;
};

/* A whole number that may not have been given. */
struct plan_number {
	bool given;
	long value;
};

/* One line of a uid_map or gid_map, user_namespaces(7). */
struct plan_map {
	uint32_t inside, outside, count;
	struct plan_map *next;
};

struct plan_namespaces {
	unsigned int unshare; /* CLONE_NEW* */
	struct plan_map *uid_map, *gid_map;
	const char *hostname;
	struct plan_number boot_offset_ms, monotonic_offset_ms;
};

enum mount_kind {
	MOUNT_BIND,
	MOUNT_TMPFS,
	MOUNT_PROC,
	MOUNT_SYSFS,
	MOUNT_DEVPTS,
	MOUNT_MQUEUE,
	MOUNT_OVERLAY,
	MOUNT_KINDS,
};

/* One --mount or --tmpfs; or, with a target alone, a --mask or --protect. */
struct plan_mount {
	enum mount_kind kind;
	const char *source, *target;
	unsigned int attributes; /* MOUNT_ATTR_*, mount_setattr(2) */
	bool not_recursive;
	struct text data; /* the file system's own options, "key[=value],..." */
	const char *lower, *upper, *work;
	struct plan_mount *next;
};

struct plan_mounts {
	const char *root;
	bool standard, read_only;
	struct plan_mount *mounts, *masks, *protects;
};

struct plan_environment {
	bool clear;
	struct list unset;
	struct list files[2], set[2]; /* of a config file, and all others */
};

struct plan_supervision {
	bool exec;
	enum forward_to forward_to;
	bool wait_all;
	int parent_death; /* a signal, or 0; -1: none, whatever was set */
	int64_t stop_delay_ms;
	int64_t stop_timeout_ms; /* 0: no timeout */
	int64_t stop_grace_ms;
	uint64_t success[4];               /* a bit for each exit code */
	uint8_t rewrite[SIGNAL_MAX + 1];   /* what FROM becomes; 0 swallows */
	uint8_t rewritten[SIGNAL_MAX + 1]; /* enum origin */
};

/* One option as it was given: what --explain shows. */
struct plan_given {
	const struct option *option;
	const char *value; /* NULL where it takes none */
	const char *where; /* "FILE:LINE", or NULL: on the command line */
	struct plan_given *next;
};

/*
 * What a tool does otherwise than rind, set by its name and its options alone
 * (cli/names/); a table's letter is the bit's place.
 */
enum quirk {
	QUIRK_AS_IT_IS = 1 << 0,      /* a: nothing is taken unless asked */
	QUIRK_NO_SUBREAPER = 1 << 1,  /* b */
	QUIRK_WARN = 1 << 2,          /* c: where that leaves zombies */
	QUIRK_SESSION = 1 << 3,       /* d: the app leads one of its own */
	QUIRK_SAME_GROUP = 1 << 4,    /* e: the app stays in rind's group */
	QUIRK_SUSPEND = 1 << 5,       /* f: a terminal's stop stops rind too */
	QUIRK_TELL_REAPED = 1 << 6,   /* g */
	QUIRK_PAUSE = 1 << 7,         /* h: no app */
	QUIRK_USER_FIRST = 1 << 8,    /* i: USER[:GROUP] is the first word */
	QUIRK_PRIMARY_ASIDE = 1 << 9, /* j: it is no supplementary group */
	QUIRK_SHELL = 1 << 10,        /* k: runs a script without "#!" */
	QUIRK_ONE_BY_ONE = 1 << 11,   /* l: uid, gid, groups, sets by themselves
				       */
	QUIRK_RESET_ENV = 1 << 12,    /* m */
	QUIRK_INIT_GROUPS = 1 << 13,  /* n */
	QUIRK_CLEAR_GROUPS = 1 << 14, /* o */
	QUIRK_KEEP_GROUPS = 1 << 15,  /* p */
	QUIRK_NO_NEW_PRIVS = 1 << 16, /* q */
	QUIRK_LAST_WINS = 1 << 17,    /* r: an option may stand twice */
};

/* Sets that are changed bit by bit, not made anew. */
enum changed_set {
	SET_INHERITABLE,
	SET_AMBIENT,
	SET_BOUNDING,
	SET_SECUREBITS,
	SETS,
};

struct plan_change {
	uint64_t set, clear;
};

struct plan {
	unsigned int quirks; /* enum quirk */
	uint8_t exits[3];    /* in place of 125, 126 and 127 */
	struct plan_change changes[SETS];
	const char *group; /* QUIRK_ONE_BY_ONE: the gid's, or NULL */

	char **command; /* the app's argv, NULL-terminated */
	struct plan_given *given;
	bool explain;
	bool verbose;
	enum origin reading; /* where the option comes from that is being read
			      */

	const char *user;   /* USER[:GROUP], or NULL */
	const char *groups; /* G[,G]..., or NULL */
	struct plan_caps caps;
	bool allow_new_privs;

	struct plan_namespaces namespaces;
	struct plan_mounts mounts;

	struct plan_limit limits[RLIM_NLIMITS];
	struct plan_number nice, oom_score_adj, umask;
	const char *workdir;
	struct plan_environment environment;
	struct list keep_fds; /* numbers, already checked */

	struct plan_supervision supervision;
};

#endif
