/* rind under the name of another tool: in its place, with its command line. */
#ifndef RIND_COMPAT_COMPAT_H
#define RIND_COMPAT_COMPAT_H

#include "cli/command_line.h"

struct profile;

/* The profile of the tool that PATH, argv[0], names; or NULL: rind itself. */
const struct profile *profile_find(const char *path);

/*
 * As command_line_read(), for the command line of PROFILE's tool, and its
 * variables in the environment.
 */
enum reading compat_read(const struct profile *profile, int argc, char **argv,
			 struct plan *plan, int *exit_code,
			 struct error *error);

#endif
