/*
 * What every room of setup/ offers: its options, what it looks up before the
 * app's process exists, and its steps inside that process. order.c puts them in
 * order; that order is the security argument.
 */
#ifndef RIND_SETUP_H
#define RIND_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/signals.h"
#include "plan.h"

/* The headings of --help. */
enum option_group {
	GROUP_PRIVILEGE,
	GROUP_NAMESPACES,
	GROUP_FILE_SYSTEM,
	GROUP_PROCESS,
	GROUP_SUPERVISION,
	GROUP_LOOKING,
	GROUPS,
};

/* One option of the command line: a row of a room's table. */
struct option {
	/*
	 * "NAME\0VALUE\0HELP": the name without the dashes; its value as
	 * --help shows it, "[=VALUE]" where that is optional, nothing where it
	 * takes none.
	 */
	const char *name;
	/*
	 * Puts VALUE into the plan; returns NULL, or what is wrong with VALUE
	 * (the caller names option and value). No reader for a flag, and for
	 * the options that cli/ answers itself.
	 */
	const char *(*read)(struct plan *plan, const char *value);
	uint16_t flag;   /* the offset of the plan's bool that it sets, or 0 */
	bool adds_up;    /* may stand more than once */
	bool supervises; /* means nothing without a supervisor */
	char letter;     /* its short form, or 0 */
};

enum option_word {
	OPTION_NAME,
	OPTION_VALUE,
	OPTION_HELP,
};

struct facility {
	uint8_t group; /* enum option_group */
	uint8_t count;
	const struct option *options;
};

#define OPTIONS(rows) sizeof(rows) / sizeof(*(rows)), rows

/* Every room that has options, in the order of --help. Ends with NULL. */
extern const struct facility *const facilities[];

/* Who the app will be, looked up in the image's own files. */
struct identity {
	uid_t uid;
	gid_t gid;
	const char *name; /* for USER and LOGNAME; NULL: leave them alone */
	const char *home, *shell;
	bool listed; /* in /etc/passwd: a number alone is no group's member */
	bool set_groups; /* else they stay what rind was started with */
	gid_t *groups;   /* sorted, as the kernel keeps them */
	size_t group_count;
};

/* What rind was started with and what the app must get back. */
struct inheritance {
	bool foreground; /* of the terminal, if there is one */
	bool by_root;    /* rind was started by uid 0 */
	signal_set mask;
	signal_set ignored; /* of SIGCHLD and the signals that ask to stop */
	pid_t pid;          /* the first rind's, outside */
	int outside;        /* a socket to it, from its PID namespace; or -1 */
	pid_t parent;
	uid_t uid;
	gid_t gid;
	/* Of capabilities, with the ids: capset_read(). */
	uint64_t permitted, effective, inheritable, bounding;
};

/* Fills in the capabilities that this process now has. Returns 0 or -1. */
int caps_inherit(struct inheritance *start, struct error *error);

/* What the container-wide steps share. */
struct container {
	const struct plan *plan;
	int root;      /* O_PATH: what is, or will be, the root; -1: not yet */
	bool new_root; /* it will be made the root, and places made in it */
	int terminal;  /* as in struct app */
	dev_t own_dev; /* the tmpfs that was mounted on /dev, or 0 */
};

/*
 * Runs the container-wide steps, in the process that stays PID 1 or subreaper
 * inside. Returns 0, or -1 with *ERROR; all that was done ends with the
 * process.
 */
int container_setup(struct container *container, struct error *error);

/* What the steps read and, where a later one needs it, leave behind. */
struct app {
	const struct plan *plan;
	const struct inheritance *start;
	struct identity identity;
	uint64_t whitelist; /* of capabilities, as checked with the kernel */
	bool no_setpcap;    /* and that is no harm: see caps.c */
	int terminal;       /* descriptor of the controlling terminal, or -1 */
	char **environment; /* what the app will get */
	int listen_fds;     /* 3 … 2 + N stay open, sd_listen_fds(3) */
	int kept[2];        /* rind's own, close-on-exec; -1 for none */
};

/*
 * What a step is called, and why it stands where it does: four words, as
 * word_at() counts them.
 */
enum step_word {
	STEP_NAME,
	STEP_OPTIONS,  /* "NAME,NAME=WORD": that it acts on; or nothing */
	STEP_STANDARD, /* what without: "WHAT" or "NAME=WHAT; ..." */
	STEP_REASON,
	STEP_WORDS,
};

/* What a step of the app's side returns where it was not to be done. */
enum {
	STEP_LEFT_OUT = 1
};

/* Calls TELL_STEP for every step of both sides, in their order. */
typedef void step_teller(void *context, const char *words);
void steps_tell(step_teller *tell_step, void *context);

/* The part of it that has to come before rind opens a descriptor of its own. */
int setup_check(struct app *app, struct error *error);

/*
 * Looks up and checks, in rind itself and in this order, all that can be known
 * before the app's process exists. Changes nothing. Returns 0 or -1.
 */
int setup_prepare(struct app *app, struct error *error);

/*
 * Runs the steps of the app's side, in the app's own process. Returns 0, or -1
 * with *ERROR; the process is then fit for nothing but to exit.
 */
int setup_run(struct app *app, struct error *error);

/*
 * Becomes the app: execve(2) along PATH, with the signal mask and dispositions
 * that rind was started with. Returns only on failure, with the exit code 126
 * or 127 in *ERROR.
 */
void setup_exec(const struct app *app, struct error *error);

#endif
