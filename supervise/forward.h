/* Signals on their way to the app. */
#ifndef RIND_SUPERVISE_FORWARD_H
#define RIND_SUPERVISE_FORWARD_H

#include "supervise/supervisor.h"

/* As what a signal that comes now goes on: 0 for not at all. */
int outgoing_signal(const struct supervisor *s, int received);

/* Hands a signal that came to rind on to whom it is meant for. */
void forward(struct supervisor *s, const siginfo_t *info);

/* To the app's process group; INFO may be NULL. Returns 0, or -1 with errno. */
int send_group(const struct supervisor *s, int signal, siginfo_t *info);

/* Tries the signal again that found the app's queue full. */
void forward_unsent(struct supervisor *s);

#endif
