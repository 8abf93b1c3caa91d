/* Files of /proc that a namespace is set up with. */
#ifndef RIND_SETUP_NAMESPACES_PROC_FILE_H
#define RIND_SETUP_NAMESPACES_PROC_FILE_H

#include "lib/error.h"

/*
 * Writes the string TEXT to PATH in one write(2): the kernel takes a map or the
 * offsets as a whole, or not at all. Returns 0, or -1 with *ERROR, of STEP;
 * CURE helps where the kernel refuses the text.
 */
int proc_file_write(const char *step, const char *path, const char *text,
		    const char *cure, struct error *error);

#endif
