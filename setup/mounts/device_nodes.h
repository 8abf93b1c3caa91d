/* The contents of /dev: device nodes, links, the console. */
#ifndef RIND_SETUP_MOUNTS_DEVICE_NODES_H
#define RIND_SETUP_MOUNTS_DEVICE_NODES_H

#include "setup/steps.h"

/* Whether DIRECTORY has the null device under "null", and not by a link. */
bool device_nodes_have_null(int directory);

/*
 * Makes the nodes and links of /dev that are missing, and /dev/console where
 * rind has a terminal that has a name here. What is there stays. Returns 0, or
 * -1 with *ERROR.
 */
int device_nodes_finish(const struct container *container, struct error *error);

#endif
