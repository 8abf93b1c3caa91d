/* rind's own command line. */
#ifndef RIND_CLI_COMMAND_LINE_H
#define RIND_CLI_COMMAND_LINE_H

#include "lib/error.h"
#include "plan.h"

/* What has come of a command line. */
enum reading {
	READING_FAILED = -1, /* *ERROR says why */
	READING_PLAN,        /* *PLAN says what to do */
	READING_ANSWERED,    /* rind has done it, as for --help: *EXIT_CODE */
};

/*
 * Reads ARGV, NULL-terminated, into *PLAN, which is all zeros before and
 * borrows ARGV's strings. Makes no system call that changes anything.
 */
enum reading command_line_read(int argc, char **argv, struct plan *plan,
			       int *exit_code, struct error *error);

#endif
