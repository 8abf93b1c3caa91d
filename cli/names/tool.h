/* A tool whose name and command line rind takes: one table in a file each. */
#ifndef RIND_TOOL_H
#define RIND_TOOL_H

#include "cli/parser.h"

/*
 * A row of a table: the LETTER or a blank, the long NAME or nothing, and what
 * it does: "option" or "option=value"  rind's own option
 *   ":option=VALUE"             the same, with the value that is given
 *   "+x  words", "-x  words"    sets or takes the quirk of that letter (plan.h)
 *   "=VALUE  words"             takes a value, which setpriv_read() has
 *   "h  words", "V  words"      --help and --version
 * The words are --help's, and may be packed behind their two blanks.
 */
#define OPTION(letter, name, does) letter name "\0" does "\0"

/* A variable: alone it need only be there, with "=value" it must be that. */
#define VARIABLE(entry, does) OPTION("$", entry, does)

struct tool {
	/*
	 * What --version says before rind's own, and the names, each with a NUL
	 * behind it, the last with two.
	 */
	const char *names;
	const char *options; /* rows, those of variables last */
	/* After the options: what only all of them together tell. */
	const char *(*finish)(struct plan *plan);
	unsigned int quirks;
	uint32_t swallowed; /* signals that are not forwarded: bit N-1 is N */
	uint8_t exits[3];   /* in place of 125, 126, 127 */
};

/* Reads the value of setpriv's option NAME; returns as struct option's. */
const char *setpriv_read(struct plan *plan, const char *name,
			 const char *value);

extern const struct tool tini_tool;
extern const struct tool dumb_init_tool;
extern const struct tool catatonit_tool;
extern const struct tool pause_tool;
extern const struct tool gosu_tool;
extern const struct tool su_exec_tool;
extern const struct tool setpriv_tool;

#endif
