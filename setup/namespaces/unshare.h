/* --unshare: the namespaces that rind gets of its own (namespaces(7)). */
#ifndef RIND_SETUP_NAMESPACES_UNSHARE_H
#define RIND_SETUP_NAMESPACES_UNSHARE_H

#include "lib/error.h"
#include "plan.h"

/*
 * Whether each option of PLAN has the namespace that it acts on, and --exec no
 * namespace that needs a process outside. Returns 0, or -1 with *ERROR.
 */
int namespaces_check(const struct plan *plan, struct error *error);

#endif
