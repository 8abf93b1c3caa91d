/* /dev: its nodes, its links, and the console. */
#ifndef RIND_SETUP_MOUNTS_DEVICE_NODES_H
#define RIND_SETUP_MOUNTS_DEVICE_NODES_H

#include "setup/steps.h"

/* Whether DIRECTORY has a null device, by that name and no link. */
bool device_nodes_have_null(int directory);

/* Finishes what is missing in /dev. Returns 0 or -1. */
int device_nodes_finish(const struct container *container, struct error *error);

#endif
