/* The parser of options, as the command line and config files share it. */
#ifndef RIND_PARSER_H
#define RIND_PARSER_H

#include "setup/setup.h"

enum {
	OPTIONS_MAX = 128
};

struct parser {
	struct plan *plan;
	struct error *error;
	const char *where; /* "FILE:LINE" in a config file, else NULL */
	uint8_t given[OPTIONS_MAX];  /* enum origin, by place in the tables */
	const struct option *answer; /* one that rind answers itself */
	const char *answer_value;
	const char *tool; /* the name that rind was started by, or NULL */
	const char *word; /* that tool's option as it was given */
};

/* An error about OPTION and VALUE (or NULL), with the place where it stands. */
int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure);

/* The option at PLACE, counted over all tables; or NULL behind the last. */
const struct option *parser_option(unsigned int place);

/* Its VALUE in --help; NULL where it takes none. */
const char *parser_value(const struct option *option);

/* Finds by name of LENGTH, or by letter; and its place. */
const struct option *parser_find(const char *name, size_t length, char letter,
				 unsigned int *place);

/* Puts OPTION into the plan. VALUE is borrowed as long as the plan lives. */
int parser_apply(struct parser *parser, const struct option *option,
		 unsigned int place, const char *value);

struct tool;

/* The tool whose name PATH ends in (argv[0]), or NULL. */
const struct tool *tool_find(const char *path);

/* The command line of TOOL; returns as cli_read(). */
int tool_read(const struct tool *tool, int argc, char **argv,
	      struct parser *parser);

/*
 * Reads the options of a config file. Whoever can write the file chooses what
 * runs, so for root it must be root's alone. Returns 0 or -1.
 */
int config_read(struct parser *parser, const char *path);

#endif
