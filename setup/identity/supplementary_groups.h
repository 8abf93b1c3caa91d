/* Supplementary groups (credentials(7)). */
#ifndef RIND_SETUP_IDENTITY_SUPPLEMENTARY_GROUPS_H
#define RIND_SETUP_IDENTITY_SUPPLEMENTARY_GROUPS_H

#include "setup/setup.h"

/* Sorts the groups of ID, and keeps each once, as the kernel does. */
void groups_sort(struct identity *id);

/*
 * Whether this process is in the groups of ID, which are sorted, and in no
 * other. Returns 1, 0, or -1 with errno.
 */
int groups_are_in_force(const struct identity *id);

#endif
