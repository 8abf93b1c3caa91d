/*
 * The doors of setup/: what the rooms above it may call. Which steps there are,
 * in which order and why is in order.c; that order is the security argument.
 */
#ifndef RIND_SETUP_SETUP_H
#define RIND_SETUP_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/error.h"
#include "option.h"
#include "plan.h"
#include "sys/inherited.h"

/* Who the app will be, looked up in the image's own files. */
struct identity {
	uid_t uid;
	gid_t gid;
	/* For USER, LOGNAME, HOME and SHELL; NULL where no user was named. */
	const char *name, *home, *shell;
	bool listed;     /* in /etc/passwd: only a name is a member of groups */
	bool set_groups; /* else rind's own groups stay */
	gid_t *groups;   /* sorted, as the kernel keeps them */
	size_t group_count;
};

/* What the steps read and, where a later one needs it, leave behind. */
struct app {
	const struct plan *plan;
	const struct inherited *inherited;
	struct identity identity;
	uint64_t capabilities; /* of the app: permitted, effective, bounding */
	uint64_t passed_on;    /* of the app: inheritable, ambient */
	bool root_gains;       /* an exec as uid 0 gives the bounding set */
	bool has_setpcap;      /* rind: else bounding set and securebits stay */
	char **environment;
	int listen_fds; /* how many stay open from 3 on, sd_listen_fds(3) */
	int own_fds[2]; /* rind's own, close-on-exec; -1 for none */
};

/* What a step does where OPTION, or with NULL any of its own, is not given. */
struct step_default {
	const char *option;
	const char *value;
};

/* A step as --explain shows it. */
struct step_text {
	const char *name;
	const char *options[5]; /* on which it acts */
	const char *unshare;    /* it acts on --unshare=THIS, too; or NULL */
	struct step_default defaults[3];
	const char *reason; /* why it stands where it does */
};

/* Whether STEP acts on the option GIVEN, with its value. */
bool step_acts_on(const struct step_text *step, const struct plan_given *given);

/* Calls VISIT for every step of both sides, in their order. */
typedef void step_visitor(void *context, const struct step_text *step);
void steps_visit(step_visitor *visit, void *context);

/*
 * Before rind opens a descriptor of its own: whether the plan fits what rind
 * was started with. Returns 0, or -1 with *ERROR.
 */
int setup_check(const struct app *app, struct error *error);

/*
 * Before a user namespace is made: whether each option has the namespace that
 * it acts on, and maps, which are filled in, that may be written. 0 or -1.
 */
int setup_check_namespaces(struct plan *plan, const struct inherited *inherited,
			   struct error *error);

/*
 * Whether a second rind has to stay outside: only a child can be PID 1 of a new
 * PID namespace, and only an outsider can write a new user namespace's maps.
 */
bool setup_needs_outer(const struct plan *plan);

/*
 * From outside: writes the id maps of the process PID, which is in its new user
 * namespace and waits, and gives the standard streams to root in there. SIGCHLD
 * must not be ignored. Returns 0, or -1 with *ERROR.
 */
int setup_write_id_maps(const struct plan *plan,
			const struct inherited *inherited, pid_t pid,
			struct error *error);

/*
 * From inside, once the maps stand: becomes root in there where 0 is mapped,
 * and notes in *INHERITED who rind is by now. Returns 0 or -1.
 */
int setup_enter_user_namespace(const struct plan *plan,
			       struct inherited *inherited,
			       struct error *error);

/*
 * The container-wide steps, in the process that stays PID 1 or subreaper
 * inside. Returns 0, or -1 with *ERROR; all that was done ends with the
 * process.
 */
int setup_container(const struct plan *plan, const struct inherited *inherited,
		    struct error *error);

/*
 * Looks up and checks, in rind itself, all that can be known before the app's
 * process exists. Changes nothing. Returns 0 or -1.
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
