/* Lists of capabilities, as a user writes them. */
#ifndef RIND_CAPS_H
#define RIND_CAPS_H

#include "plan.h"

/*
 * Adds LIST, "chown,cap_kill", "docker", "all" or "none", to *CAPS. Returns
 * what is wrong with it, or NULL.
 */
const char *caps_add_list(struct plan_caps *caps, const char *list);

#endif
