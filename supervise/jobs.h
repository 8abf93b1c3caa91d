/* Job control between the shell that started rind and the app. */
#ifndef RIND_SUPERVISE_JOBS_H
#define RIND_SUPERVISE_JOBS_H

#include "supervise/supervisor.h"

/* The app was stopped: if by its terminal, so is rind, for its shell to see. */
void jobs_app_stopped(struct supervisor *s, int signal);

/* The same of an app in a PID namespace of its own: the rind in there tells. */
void jobs_inner_stopped(struct supervisor *s);

/*
 * rind was continued: the app's group gets its terminal back and is continued.
 * Returns whether that was all there is to do with the signal.
 */
bool jobs_continued(struct supervisor *s);

/* The app has ended, or never ran: rind's own group gets the terminal back. */
void jobs_take_terminal(struct supervisor *s);

#endif
