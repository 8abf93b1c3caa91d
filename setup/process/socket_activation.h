/* Socket activation (sd_listen_fds(3)). */
#ifndef RIND_SETUP_PROCESS_SOCKET_ACTIVATION_H
#define RIND_SETUP_PROCESS_SOCKET_ACTIVATION_H

#include <sys/stat.h>

#include "lib/list.h"
#include "setup/setup.h"

/*
 * Hands the sockets that rind was started with on to the app: makes LISTEN_PID
 * of VARIABLES the pid of this process and notes the number of sockets in
 * APP->listen_fds. Returns 0, or -1 with *ERROR.
 */
int socket_activation_pass(struct app *app, struct list *variables,
			   struct error *error);

/*
 * What FD, with this STATUS, is, if LISTEN_FDS may not pass it; NULL if it may.
 * An image can name descriptors by its environment (ENV), so no descriptor
 * passes that is open on a file, or leads to files: only sockets, FIFOs,
 * character devices and message queues (sd_is_special(3) and its neighbours),
 * and memory (memfd_create(2)).
 */
const char *socket_activation_refuses(int fd, const struct stat *status);

#endif
