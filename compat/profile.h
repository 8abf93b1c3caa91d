/*
 * A tool whose name and command line rind takes: a profile that fills the plan,
 * in a file of its own. A plan of zeros takes nothing from the app and adds
 * nothing to it; a profile says what its tool does.
 */
#ifndef RIND_COMPAT_PROFILE_H
#define RIND_COMPAT_PROFILE_H

#include <stdint.h>

#include "plan.h"

/*
 * Puts VALUE (NULL where there is none) into the plan. Returns NULL, or what is
 * wrong with it.
 */
typedef const char *profile_reader(struct plan *plan, const char *value);

/* What an option or a variable of the tool does: the first that is set. */
struct profile_action {
	const char *option; /* rind's own of that name ... */
	const char *value;  /* ... with this value; NULL: with what is given */
	profile_reader *read;
};

enum profile_answer {
	ANSWER_NOTHING,
	ANSWER_HELP,
	ANSWER_VERSION,
};

struct profile_option {
	char letter;         /* its short form, or '\0' */
	const char *name;    /* its long form, or NULL */
	const char *metavar; /* NULL: it takes no value */
	const char *help;    /* NULL: it is rind's own option */
	enum profile_answer answer;
	struct profile_action action;
};

struct profile_variable {
	const char *name;
	const char *value; /* that it has to have; NULL: it need only be there
			    */
	const char *help;  /* NULL: it is rind's own option */
	struct profile_action action;
};

struct profile {
	const char *const *names; /* NULL ends them; --help has the first */
	const char *version;      /* what --version says before rind's own */
	const char *usage;        /* what --help says behind the name */
	const struct profile_option *options;     /* zeros end them */
	const struct profile_variable *variables; /* the same; or NULL */
	bool user_first; /* USER[:GROUP] is the first word, whatever it is */
	bool last_wins;  /* an option may stand more than once */
	const uint8_t *swallowed; /* signals not forwarded; 0 ends them; or NULL
				   */
	struct plan_exit_codes exit_codes;
	void (*begin)(struct plan *plan); /* what it does with no option */
	/* After the options: what only all of them together tell; or NULL. */
	const char *(*finish)(struct plan *plan);
};

extern const struct profile tini_profile;
extern const struct profile dumb_init_profile;
extern const struct profile catatonit_profile;
extern const struct profile pause_profile;
extern const struct profile gosu_profile;
extern const struct profile su_exec_profile;
extern const struct profile setpriv_profile;

#endif
