/* The terminal's foreground: who has it. */
#ifndef RIND_SYS_TERMINAL_H
#define RIND_SYS_TERMINAL_H

#include <stdbool.h>

#include "lib/error.h"

/*
 * Returns which of the standard streams is the controlling terminal, or -1, and
 * in *FOREGROUND whether rind's own group has it: an init that is itself in the
 * background must not take the terminal for its app before its shell says so
 * (fg). SIGTTIN must be blocked.
 */
int terminal_find(bool *foreground);

/*
 * Makes this process the leader of a group of its own and, unless TERMINAL is
 * -1, gives that the foreground. Returns 0 or -1.
 */
int terminal_take(int terminal, struct error *error);

#endif
