/* The signal mask that rind was started with. */
#ifndef RIND_ENTRY_H
#define RIND_ENTRY_H

#include "base/signals.h"

/* Saved by the program's entry point, before any other system call. */
extern signal_set entry_mask;

#endif
