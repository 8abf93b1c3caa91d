/* A file that all instrumented processes of a test run write to. */
#ifndef RIND_SHARED_H
#define RIND_SHARED_H

#include <stddef.h>

/*
 * Maps the SIZE bytes of the file that the build names (SHARED), shared and
 * writable, at an address of the kernel's choice. Where that path cannot be
 * reached (another root, a container) the same file is looked for in the root
 * directory, where tests/images/make puts it. No descriptor stays open. Returns
 * NULL where neither is there: nothing of this process is then recorded.
 */
void *shared_map(size_t size);

/* A system call by itself: no errno, nothing of the C library, so that it can
 * be made before that is ready. Returns what the kernel does. */
long shared_call(long number, long a, long b, long c, long d, long e, long f);

#endif
