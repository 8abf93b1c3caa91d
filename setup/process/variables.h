/* Environment variables as the kernel has them: "NAME=VALUE" (environ(7)). */
#ifndef RIND_SETUP_PROCESS_VARIABLES_H
#define RIND_SETUP_PROCESS_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/list.h"

/* The length of the name of VARIABLE, which may have no "=" and value. */
size_t variable_name_length(const char *variable);
bool variable_is_named(const char *variable, const char *name);

/* What stands behind the "=" of VARIABLE, which has one. */
const char *variable_value(const char *variable);

/*
 * The value of NAME in ENVIRONMENT, which ends with a NULL; or NULL. The first
 * one counts, as for getenv(3).
 */
const char *variable_find(char *const *environment, const char *name);

/* Adds "NAME=VALUE", in the arena, to LIST. */
void variables_add(struct list *list, const char *name, const char *value);

/*
 * Adds VARIABLE itself; where that is a name alone, the one with which rind was
 * started, if there is one.
 */
void variables_add_or_inherit(struct list *list, const char *variable);

/*
 * Keeps the last entry of each name, and of those the ones with a value, sorted
 * by name.
 */
void variables_keep_last(struct list *list);

#endif
