/* An option of the command line: a row in the table of the room that it is of.
 */
#ifndef RIND_OPTION_H
#define RIND_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "plan.h"

/* The headings of --help. */
enum option_group {
	GROUP_PRIVILEGE,
	GROUP_NAMESPACES,
	GROUP_FILE_SYSTEM,
	GROUP_PROCESS,
	GROUP_SUPERVISION,
	GROUP_INFORMATION,
	GROUPS,
};

enum option_kind {
	OPTION_VALUE = 1, /* READ puts its value into the plan */
	OPTION_SWITCH,    /* FIELD is the plan's bool that it sets */
	OPTION_ANSWER,    /* ANSWER is all that rind does */
	OPTION_CONFIG,    /* its value is a file of options */
};

struct option {
	const char *name;    /* without the dashes */
	char letter;         /* its short form, or '\0' */
	const char *metavar; /* its value as --help shows it; NULL: it has none
			      */
	bool value_optional; /* "--name" will do; a value needs "=" */
	const char *help;    /* what it does to the app, in six words */
	enum option_kind kind;
	bool repeatable;       /* may stand more than once, and adds up */
	bool takes_any_byte;   /* control characters too */
	bool needs_supervisor; /* means nothing with --exec */
	unsigned int needs_namespace; /* CLONE_NEW*: acts on one of rind's own
				       */

	/* Returns NULL, or what is wrong with VALUE, without naming either. */
	const char *(*read)(struct plan *plan, const char *value);
	bool *(*field)(struct plan *plan);
	/*
	 * WORDS is what stands behind the option. Returns rind's exit code, or
	 * -1 with *ERROR.
	 */
	int (*answer)(const char *value, char **words, struct error *error);
};

struct option_table {
	enum option_group group;
	const struct option *options;
	size_t count;
};

#define OPTION_TABLE(group, options)                                   \
	{                                                              \
		group, options, sizeof(options) / sizeof((options)[0]) \
	}

#endif
