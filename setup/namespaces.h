/* Namespaces: what was asked, and whether it fits together. */
#ifndef RIND_NAMESPACES_H
#define RIND_NAMESPACES_H

#include "setup/setup.h"

/*
 * Whether a second rind has to stay outside: only a child can be PID 1 of a new
 * PID namespace, and only an outsider can write a new user namespace's maps.
 */
bool namespaces_need_outside(const struct plan *plan);

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
