/*
 * What the OCI runtimes mask and protect by default (linux.maskedPaths and
 * linux.readonlyPaths of "runc spec"): files of /proc and /sys that tell about
 * the machine, or steer it.
 */
#ifndef RIND_SYS_STANDARD_PATHS_H
#define RIND_SYS_STANDARD_PATHS_H

/* NULL ends each. */
extern const char *const standard_masked[];
extern const char *const standard_protected[];

#endif
