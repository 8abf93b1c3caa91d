/* A tool whose name and command line rind takes: one table in a file each. */
#ifndef RIND_TOOL_H
#define RIND_TOOL_H

#include "cli/parser.h"

/*
 * A row of a table: the LETTER or a blank, the long NAME or nothing, and what
 * it does: "option" or "option=value"  rind's own option
 *   ":option"                   the same, with the value that is given
 *   "+x words", "-x words"      sets or takes the quirk of that letter (plan.h)
 *                               (the words, for --help, may be packed)
 *   "=words"                    takes a value, which the tool's own reader has
 */
#define OPTION(letter, name, does) letter name "\0" does "\0"

/* A variable: alone it need only be there, with "=value" it must be that. */
#define VARIABLE(entry, does) OPTION("$", entry, does)

struct tool {
	const char *names;   /* each with a NUL behind it, the last with two */
	const char *options; /* rows */
	const char *version; /* what --version says before rind's own */
	/* Reads the value of the option NAME ("=words"); as struct option's. */
	const char *(*read)(struct plan *plan, const char *name,
			    const char *value);
	/* After the options: what only all of them together tell. */
	const char *(*finish)(struct plan *plan);
	unsigned int quirks;
	uint32_t swallowed; /* signals that are not forwarded: bit N-1 is N */
	uint8_t exits[3];   /* in place of 125, 126, 127 */
};

extern const struct tool tini_tool;
extern const struct tool dumb_init_tool;
extern const struct tool catatonit_tool;
extern const struct tool pause_tool;
extern const struct tool gosu_tool;
extern const struct tool su_exec_tool;
extern const struct tool setpriv_tool;

#endif
