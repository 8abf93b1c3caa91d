/* The terminal's foreground: who has it. */
#ifndef RIND_TERMINAL_H
#define RIND_TERMINAL_H

/*
 * Returns which of the standard streams is the controlling terminal with rind's
 * own group in its foreground, or -1. An init that is itself in the background
 * must not take the terminal for its app. SIGTTIN must be blocked.
 */
int terminal_find(void);

#endif
