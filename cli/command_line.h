/* rind's own command line. */
#ifndef RIND_CLI_COMMAND_LINE_H
#define RIND_CLI_COMMAND_LINE_H

#include "lib/error.h"
#include "plan.h"

/* What a command line came to. */
enum reading {
	READING_FAILED = -1, /* *ERROR says why */
	READING_PLAN,        /* *PLAN is filled */
	READING_ANSWERED,    /* rind has answered it, as --help is */
};

/*
 * Reads the command line into *PLAN (zeros before). Makes no system call that
 * changes anything. *EXIT_CODE is rind's where it has answered the line itself.
 */
enum reading command_line_read(int argc, char **argv, struct plan *plan,
			       int *exit_code, struct error *error);

#endif
