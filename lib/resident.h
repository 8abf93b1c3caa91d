/* What PID 1 goes on running while the app does. */
#ifndef RIND_LIB_RESIDENT_H
#define RIND_LIB_RESIDENT_H

/*
 * Marks a function that PID 1 runs to wait, to forward a signal and to reap.
 * The linker puts these together (resident.ld), and release_start_pages() keeps
 * their pages alone. A function that is not marked works all the same: it comes
 * back from the file, with up to 64 KiB around it. So a stop, job control and
 * messages need no mark.
 */
#define RESIDENT __attribute__((section(".text.resident")))

#endif
