/* The signal mask that rind was started with. */
#ifndef RIND_SYS_ENTRY_H
#define RIND_SYS_ENTRY_H

#include "lib/signals.h"

/* Saved by the program's entry point, before any other system call. */
extern signal_set entry_mask;

/* What blocking all signals came to there: 0, or a negative errno. */
extern int entry_result;

#endif
