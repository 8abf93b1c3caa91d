/* Files of environment variables, as docker run --env-file reads them. */
#ifndef RIND_SETUP_PROCESS_ENV_FILE_H
#define RIND_SETUP_PROCESS_ENV_FILE_H

#include "lib/error.h"
#include "lib/list.h"

/*
 * Adds the variables of the file PATH to LIST: one a line, with no quotes and
 * no expansion. A line that begins with "#" is a comment; blanks before a name
 * are dropped; a name alone takes the value that rind was started with. Returns
 * 0, or -1 with *ERROR. The memory stays: the entries point into it.
 */
int env_file_add(const char *path, struct list *list, struct error *error);

#endif
