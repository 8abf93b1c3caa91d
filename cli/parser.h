/* One option and its value into the plan, wherever they were given. */
#ifndef RIND_CLI_PARSER_H
#define RIND_CLI_PARSER_H

#include <stdint.h>

#include "cli/option_tables.h"

struct parser {
	struct plan *plan;
	struct error *error;
	const char *where; /* "FILE:LINE" in a config file, else NULL */
	uint8_t given[OPTIONS_MAX]; /* enum origin, by option_place() */
	const char *tool; /* the name that rind was started by, or NULL */
	const char *word; /* that tool's option as it was given */
};

/*
 * An error about OPTION (its name as it was typed) and VALUE (or NULL), with
 * the place where it stands. Returns -1.
 */
int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure);

/* The same about an option that is known: "--NAME", or PARSER's word. */
int parser_fail_option(const struct parser *parser, const struct option *option,
		       const char *value, const char *reason, const char *cure);

/*
 * Puts an option of the kinds VALUE and SWITCH into the plan, or leaves it out
 * where a place that wins has it already. VALUE is borrowed as long as the plan
 * lives. Returns 0, or -1 with the parser's error.
 */
int parser_apply(struct parser *parser, const struct option *option,
		 const char *value);

/* Remembers that OPTION was given here: for --explain, and what wins. */
int parser_note(struct parser *parser, const struct option *option,
		const char *value);

#endif
