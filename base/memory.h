/* Memory for the start, given back as one. */
#ifndef RIND_MEMORY_H
#define RIND_MEMORY_H

/*
 * malloc(3) and its kin never return NULL here: with no memory left rind says
 * so and exits 125. The app's process says it by a struct error to FD instead.
 */
void memory_report_to(int fd);

/*
 * Returns to the kernel all that malloc(3) has given and every page of the
 * program that the start alone needed. Nothing that was allocated may be used
 * again; code that is, comes back from the file by itself.
 */
void memory_release(void);

#endif
