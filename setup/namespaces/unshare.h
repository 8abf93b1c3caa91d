/* Namespaces: what was asked, and whether it fits together. */
#ifndef RIND_SETUP_NAMESPACES_UNSHARE_H
#define RIND_SETUP_NAMESPACES_UNSHARE_H

#include "setup/setup.h"

/* Whether each option has the namespace that it acts on. Returns 0 or -1. */
int namespaces_check(const struct plan *plan, struct error *error);

/*
 * Writes TEXT in one write to PATH, a file of /proc; CURE is for one that does
 * not take it. Returns 0 or -1.
 */
int namespaces_write(const char *step, const char *path,
		     const struct text *text, const char *cure,
		     struct error *error);

#endif
