/* Why a command could not be executed. */
#ifndef RIND_SETUP_PROCESS_EXEC_FAILURE_H
#define RIND_SETUP_PROCESS_EXEC_FAILURE_H

#include "lib/error.h"

/*
 * Fills *ERROR for an execve(2) of PATH that failed with NUMBER: the exit code
 * 126 or 127, and where it can be found out what PATH lacks.
 */
void exec_failure_explain(const char *path, int number, struct error *error);

#endif
