/* What PID 1 gives back to the kernel once the app runs. */
#ifndef RIND_SYS_PAGES_H
#define RIND_SYS_PAGES_H

/*
 * Releases every page of the program and of the stack that the start alone
 * needed: all read-only segments but the RESIDENT functions (lib/resident.h),
 * and the stack below the caller (madvise(2), MADV_DONTNEED). Code and
 * constants that are used all the same come back from the file by themselves.
 * Cannot fail: what the kernel does not take back stays.
 */
void release_start_pages(void);

#endif
