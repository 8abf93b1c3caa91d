/* Memory for the start, given back as one. */
#ifndef RIND_MEMORY_H
#define RIND_MEMORY_H

/*
 * Returns to the kernel all that malloc(3) has given and every page of the
 * program that the start alone needed. Nothing that was allocated may be used
 * again; code that is, comes back from the file by itself.
 */
void memory_release(void);

#endif
