/*
 * The controlling terminal and its foreground process group (credentials(7),
 * tty_ioctl(4)).
 */
#ifndef RIND_SYS_TERMINAL_H
#define RIND_SYS_TERMINAL_H

#include <stdbool.h>

#include "lib/error.h"

/*
 * Returns which of 0, 1 and 2 is the controlling terminal, or -1, and puts into
 * *FOREGROUND whether rind's own process group is its foreground: an init that
 * runs in the background must not take the terminal for its app before its
 * shell says so (fg). SIGTTIN must be blocked.
 */
int terminal_find(bool *foreground);

/*
 * Whether this session has a controlling terminal: open(2) of /dev/tty, or
 * /proc/self/stat. True where neither tells.
 */
bool terminal_may_exist(void);

/*
 * Makes this process, which leads no process group, the leader of a session
 * without a terminal. Returns 0, or -1 with *ERROR.
 */
int terminal_leave(struct error *error);

/*
 * Makes this process the leader of a process group of its own, so that Ctrl-C
 * reaches the app and not rind, which would forward it a second time. Unless
 * TERMINAL is -1, the group becomes its foreground. SIGTTOU must be blocked.
 * Returns 0, or -1 with *ERROR.
 */
int terminal_start_group(int terminal, struct error *error);

#endif
