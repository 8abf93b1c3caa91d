/* Supplementary groups (credentials(7)). */
#ifndef RIND_SETUP_IDENTITY_SUPPLEMENTARY_GROUPS_H
#define RIND_SETUP_IDENTITY_SUPPLEMENTARY_GROUPS_H

#include "setup/setup.h"

/* Sorts them, and keeps each once, as the kernel does. */
void groups_sort(struct identity *id);

/*
 * Whether rind's own groups are those that ID asks for; with ID's gid already,
 * it is in that group also where it is not listed. -1 with errno: not known.
 */
int groups_are_in_force(const struct identity *id);

#endif
