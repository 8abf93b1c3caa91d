/* The rights that an executable brings with it. */
#ifndef RIND_SETUP_PROCESS_EXEC_RIGHTS_H
#define RIND_SETUP_PROCESS_EXEC_RIGHTS_H

#include <sys/stat.h>

#include "setup/setup.h"

/*
 * Says on stderr whether the file PATH, whose status is *STATUS, is setuid,
 * setgid or has file capabilities, and what comes of that. Without a word where
 * it is none of them.
 */
void exec_rights_explain(const struct app *app, const char *path,
			 const struct stat *status);

#endif
