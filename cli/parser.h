/*
 * One option with its value, into the plan: the command line, config files and
 * the command lines of other tools share this.
 */
#ifndef RIND_CLI_PARSER_H
#define RIND_CLI_PARSER_H

#include <stdbool.h>

#include "option.h"

struct parser {
	struct plan *plan;
	struct error *error;
	const char *where; /* "FILE:LINE" in a config file, else NULL */
	bool soft;         /* "?" stands before the option */

	/* Of compat/; NULL and false on rind's own command line. */
	const char *tool; /* the name that rind was started by */
	const char *word; /* that tool's option as it was typed */
	bool last_wins;   /* of rind's options, one given twice is no error */
};

/*
 * Sets the parser's error about OPTION, a word as it was typed, and VALUE,
 * which may be NULL. Returns -1. CURE may be NULL.
 */
int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure);

/* The same about a known option: "--NAME", or PARSER's word. */
int parser_fail_option(const struct parser *parser, const struct option *option,
		       const char *value, const char *reason, const char *cure);

/*
 * Refuses control characters in VALUE, which may be NULL, where OPTION does not
 * take them. Returns 0, or -1 with the parser's error.
 */
int parser_check_value(const struct parser *parser, const struct option *option,
		       const char *value);

/*
 * Refuses VALUE, which may be NULL, for an OPTION that takes none, but for the
 * "yes" and "no" of a switch. Returns 0, or -1 with the parser's error about
 * WORD.
 */
int parser_check_switch(const struct parser *parser, const char *word,
			const struct option *option, const char *value);

/*
 * Puts an option of the kind OPTION_VALUE or OPTION_SWITCH into the plan: over
 * what an earlier place says, or to its list, which "none" empties. VALUE and
 * PARSER's WHERE live as long as the plan. Returns 0, or -1 with the parser's
 * error.
 */
int parser_apply(const struct parser *parser, const struct option *option,
		 const char *value);

/* Whether the parser's error is only a line: the option was soft. */
bool parser_left_out(const struct parser *parser);

#endif
