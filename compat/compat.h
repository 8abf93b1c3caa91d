/* The names of other tools: rind started as one of them is in its place. */
#ifndef RIND_COMPAT_COMPAT_H
#define RIND_COMPAT_COMPAT_H

#include "cli/command_line.h"

struct profile;

/* The tool whose name PATH, argv[0], ends in; or NULL. */
const struct profile *profile_find(const char *path);

/* As command_line_read(), of the command line of PROFILE's tool. */
enum reading compat_read(const struct profile *profile, int argc, char **argv,
			 struct plan *plan, int *exit_code,
			 struct error *error);

#endif
