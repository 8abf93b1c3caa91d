/*
 * An option of the command line: a row in the table of the room that acts on
 * it. The command line, config files, --help and --explain read these rows.
 */
#ifndef RIND_OPTION_H
#define RIND_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/array.h"
#include "lib/error.h"
#include "plan.h"

/* The headings of --help, in its order. */
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
	OPTION_VALUE = 1, /* READ puts the value into the plan */
	OPTION_SWITCH,    /* sets the bool of the plan that FIELD points to */
	OPTION_ANSWER,    /* rind calls ANSWER, and does nothing else */
	OPTION_HELP,      /* likewise, but it shows all options: cli/help.h */
	OPTION_CONFIG,    /* the value is a file of options */
};

/*
 * Puts VALUE, which lives as long as the plan, into the plan. Returns NULL, or
 * the reason why VALUE is refused, without the option's name or VALUE.
 */
typedef const char *option_reader(struct plan *plan, const char *value);

typedef bool *option_field(struct plan *plan);

/* Makes the list that a repeatable option adds to an empty one: "none". */
typedef void option_clear(struct plan *plan);

/*
 * VALUE may be NULL; WORDS, NULL-terminated, follow the option. Returns rind's
 * exit code, or -1 with *ERROR.
 */
typedef int option_answer(const char *value, char **words, struct error *error);

struct option {
	const char *name;    /* without the dashes */
	char letter;         /* the short form, or '\0' */
	const char *metavar; /* the value in --help; NULL: takes no value */
	bool value_optional; /* a value has to follow "=" */
	const char *help;    /* what the option does to the app, in six words */

	enum option_kind kind;
	union { /* which one, KIND says */
		option_reader *read;
		option_field *field;
		option_answer *answer;
	};
	option_clear *clear; /* of a repeatable value */

	bool repeatable;       /* each further one adds to the first */
	bool takes_any_byte;   /* control characters are no mistake */
	bool has_to_be_first;  /* options before it would have no effect */
	bool needs_supervisor; /* an error with --exec */
	unsigned int needs_namespace; /* CLONE_NEW*: an error without it */
};

struct option_table {
	enum option_group group;
	const struct option *options;
	size_t count;
};

#define OPTION_TABLE(group, options)                  \
	{                                             \
		group, options, ARRAY_LENGTH(options) \
	}

#endif
