/* Socket activation (sd_listen_fds(3)). */
#ifndef RIND_SETUP_PROCESS_SOCKET_ACTIVATION_H
#define RIND_SETUP_PROCESS_SOCKET_ACTIVATION_H

#include "lib/list.h"
#include "setup/setup.h"

/*
 * Hands the sockets that rind was started with on to the app: makes LISTEN_PID
 * of VARIABLES the pid of this process and notes the number of sockets in
 * APP->listen_fds. Returns 0, or -1 with *ERROR.
 */
int socket_activation_pass(struct app *app, struct list *variables,
			   struct error *error);

#endif
