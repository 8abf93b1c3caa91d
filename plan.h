/*
 * struct plan: all that was asked for, and nothing else.
 *
 * Parsing fills it and makes no system call that changes anything; the steps
 * read it and never argv. Strings and lists are borrowed from argv, or from the
 * arena, and live until the app runs.
 *
 * A plan of zeros takes nothing from the app and adds nothing:
 * plan_set_defaults() makes it rind's own floor, a profile of compat/ that of
 * another tool.
 */
#ifndef RIND_PLAN_H
#define RIND_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "lib/list.h"
#include "lib/signals.h"
#include "lib/text.h"
#include "sys/capability_list.h"
#include "sys/id_map.h"
#include "sys/mount_kind.h"

/*
 * Where an option was given: in the first config file, the second, ..., or on
 * the command line. Places are read in this order, and a later one wins.
 */
enum {
	PLACE_DEFAULT, /* nowhere */
	PLACE_FIRST_FILE,
	PLACE_COMMAND_LINE = 1 << 20,
};

/* A whole number that may not have been given. */
struct plan_number {
	bool given;
	long value;
};

/* --- identity --- */

/* Where the supplementary groups come from. */
enum plan_groups {
	GROUPS_BY_USER, /* those of --user, where it names one; else they stay
			 */
	GROUPS_KEEP,    /* they stay */
	GROUPS_CLEAR,   /* none */
	GROUPS_INIT,    /* those of the user, who has to be in /etc/passwd */
};

struct plan_identity {
	const char *user;   /* USER[:GROUP], or NULL */
	const char *group;  /* with one_by_one: the gid's; or NULL */
	const char *groups; /* G[,G]..., or NULL */
	bool one_by_one;    /* uid, gid and groups stay unless each is named */
	enum plan_groups groups_from;
	bool refuse_root;        /* unless it is named */
	bool refuse_root_alias;  /* uid 0 by another name than root */
	bool unlisted_keeps_gid; /* else its gid is the number of its uid */
	bool find_own_user;      /* ":GROUP" has the home of rind's own uid */
	bool list_primary_group; /* among the supplementary ones as well */
};

/* --- confinement --- */

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

/* Whether CHANGE changes anything. */
static inline bool plan_change_is_any(const struct plan_change *change)
{
	return change->set || change->clear;
}

struct plan_confinement {
	struct capability_list caps;
	bool drop_capabilities; /* all but caps; else CHANGES is what changes */
	bool lock_securebits;
	bool keep_caps; /* over the change of uid, where none are dropped */
	bool allow_new_privs; /* else no_new_privs is on */
	bool new_keyring;     /* an empty session keyring */
	/* Read all of this back before the exec; else ids and no_new_privs. */
	bool verify_capabilities;
	struct plan_change changes[SETS];
};

/* --- namespaces --- */

struct plan_namespaces {
	unsigned int unshare;             /* CLONE_NEW* */
	struct id_map *uid_map, *gid_map; /* of a new user namespace */
	const char *hostname;
	struct plan_number boot_offset_ms, monotonic_offset_ms;
};

/* --- mounts --- */

/* One --mount or --tmpfs; or, with a target alone, a --mask or --protect. */
struct plan_mount {
	enum mount_kind kind;
	const char *source, *target;
	unsigned int attributes; /* MOUNT_ATTR_*, mount_setattr(2) */
	bool not_recursive;
	struct text data; /* the file system's own options, "key[=value],..." */
	const char *lower, *upper, *work;
	bool by_tmpfs; /* the option, not the type */
	struct plan_mount *next;
};

struct plan_mounts {
	const char *root;
	bool standard, read_only;
	struct plan_mount *mounts, *masks, *protects;
};

/* --- process --- */

struct plan_limit {
	int given; /* its place */
	struct rlimit value;
};

/* What one place gives. */
struct plan_variables {
	int place;
	struct list files, set;
	struct plan_variables *next;
};

struct plan_environment {
	bool clear;
	struct list unset;
	struct list typed; /* all of --env, also what "none" has dropped */
	struct plan_variables *variables; /* in the order of the places */
	bool set_home;  /* HOME, of the user that --user names */
	bool set_login; /* USER and LOGNAME */
	bool reset;     /* begins with what login(1) leaves */
};

enum plan_session {
	SESSION_OWN_GROUP, /* a process group of its own, in rind's session */
	SESSION_SHARED,    /* rind's own group */
	SESSION_OWN,       /* it leads a session, and takes the terminal */
};

struct plan_process {
	enum plan_session session;
	bool leave_terminal; /* which is none of 0, 1 and 2 */
	bool give_streams;   /* 0, 1 and 2 become the user's */
	struct plan_limit limits[RLIM_NLIMITS];
	struct plan_number nice, oom_score_adj, umask;
	bool reset_inherited; /* personality and the like, and a umask of 0 */
	const char *workdir;
	bool close_descriptors; /* all but 0, 1, 2 and KEEP_FDS */
	struct list keep_fds;   /* numbers, already checked */
	bool shell_fallback;    /* a file of no known format goes to /bin/sh */
};

/* --- supervision --- */

enum forward_to {
	FORWARD_MAIN,  /* the app alone */
	FORWARD_GROUP, /* its process group */
	FORWARD_ALL,   /* every process of the container */
};

/* What happens to those whom the app leaves behind. */
enum plan_leftovers {
	LEFTOVERS_ABANDON,   /* they are left to the kernel */
	LEFTOVERS_TERM,      /* SIGTERM to the app's group, and no wait */
	LEFTOVERS_TERMINATE, /* SIGTERM, --stop-grace, SIGKILL */
	LEFTOVERS_WAIT,      /* rind ends when all have ended */
};

struct plan_supervision {
	bool exec;  /* no supervisor: the app takes rind's place */
	bool pause; /* no app */
	enum forward_to forward_to;
	enum plan_leftovers leftovers;
	int parent_death;   /* a signal, or 0; -1: none, whatever was set */
	bool die_with_rind; /* the app, by SIGKILL */
	bool refuse_on_terminal; /* what a terminal's signals get around */
	int64_t stop_delay_ms;
	int64_t stop_timeout_ms; /* with TIMES_OUT */
	bool times_out;
	int64_t stop_grace_ms;
	bool success[256];               /* exit codes reported as 0 */
	uint8_t rewrite[SIGNAL_MAX + 1]; /* what FROM becomes; 0 swallows */
	bool stop_signal;                /* SIGTERM's is --stop-signal's */
	int rewritten[SIGNAL_MAX + 1];   /* the place that says so */
	bool subreaper;                  /* where rind is not PID 1 */
	bool warn_without_subreaper;     /* orphans are not reaped then */
	bool suspend_with_app;           /* a terminal's stop stops rind too */
	bool report_reaped;              /* a line for each orphan */
	bool out_of_reach; /* of the app, or the app does not start */
	bool keep_streams; /* images write their logs to /proc/1/fd/1 */
};

/* --- what rind says --- */

struct plan_exit_codes {
	int failed;      /* rind could not do what was asked */
	int cannot_run;  /* the command is there and cannot be run */
	int not_found;   /* there is no such command */
	int exec_failed; /* a step of --exec */
};

/* One option as it was given: what --explain shows. */
struct plan_given {
	const struct option *option;
	const char *value; /* NULL where it takes none */
	int place;
	bool off;  /* "no" of a switch, "none" of a list: nothing is asked */
	bool soft; /* left out where the kernel cannot do it */
	const char *where; /* "FILE:LINE" in a config file, else NULL */
	struct plan_given *next;
};

struct plan {
	char **command; /* the app's argv, NULL-terminated */
	struct plan_identity identity;
	struct plan_confinement confinement;
	struct plan_namespaces namespaces;
	struct plan_mounts mounts;
	struct plan_environment environment;
	struct plan_process process;
	struct plan_supervision supervision;

	struct plan_exit_codes exit_codes;
	struct plan_given *given;
	bool explain;
	bool verbose;
	bool cures_name_options; /* rind's own are on the command line */
	int reading;             /* the place of the option that is read */
};

/* Makes a plan of zeros what rind does with no option at all. */
void plan_set_defaults(struct plan *plan);

/* Signals that reach the app as what they are; of a plan of zeros none does. */
void plan_forward_all(struct plan *plan);

#endif
