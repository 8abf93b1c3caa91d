/*
 * The profile of a tool that rind can stand in for: the tool's names, its
 * options, and what it does. A new tool is a file with its profile, listed in
 * compat.c.
 */
#ifndef RIND_COMPAT_PROFILE_H
#define RIND_COMPAT_PROFILE_H

#include <stdint.h>

#include "option.h"
#include "plan.h"

/* What an option or a variable of the tool does: one of the two. */
struct profile_action {
	const char *option;  /* gives rind's own option of this name ... */
	const char *value;   /* ... this value; NULL: the tool's option's */
	option_reader *read; /* changes the plan */
};

enum profile_answer {
	ANSWER_NONE,
	ANSWER_HELP,
	ANSWER_VERSION,
};

struct profile_option {
	char letter;                /* "-x", or '\0' */
	const char *name;           /* "--name", or NULL */
	const char *metavar;        /* NULL: it takes no value */
	const char *help;           /* NULL: "as --OPTION", from the action */
	enum profile_answer answer; /* instead of an action */
	struct profile_action action;
};

/* Acts as the option of the action would, with no value but the action's. */
struct profile_variable {
	const char *name;
	const char *value; /* the one that counts; NULL: any does */
	const char *help;  /* as in struct profile_option */
	struct profile_action action;
};

struct profile {
	const char *const *names; /* NULL-terminated; --help shows the first */
	const char *version_prefix; /* --version adds rind's version to it */
	const char *usage;          /* --help shows it after the name */
	const struct profile_option *options;     /* a row of zeros ends them */
	const struct profile_variable *variables; /* likewise; or NULL */
	bool user_first; /* options count only where they are the only word */
	bool last_wins;  /* an option given twice is no error */
	const uint8_t *swallowed; /* signals not forwarded; 0 ends; or NULL */
	struct plan_exit_codes exit_codes;

	/*
	 * Fills in what the tool does without any option. The plan takes
	 * nothing from the app before, and rind's own defaults are not in it.
	 */
	void (*begin)(struct plan *plan);

	/*
	 * Called when the options are read and plan->command is set, for what
	 * depends on several of them. Returns NULL or what is wrong; may be
	 * NULL itself.
	 */
	const char *(*finish)(struct plan *plan);
};

#endif
