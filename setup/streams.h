/* The standard streams. */
#ifndef RIND_STREAMS_H
#define RIND_STREAMS_H

#include "base/error.h"

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed, so that no file which
 * is opened later becomes the app's stdin or rind's stderr. Returns 0 or -1.
 */
int streams_open_missing(struct error *error);

#endif
