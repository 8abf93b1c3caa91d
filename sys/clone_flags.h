/* Flags of clone(2) and unshare(2) that are newer than some C libraries. */
#ifndef RIND_SYS_CLONE_FLAGS_H
#define RIND_SYS_CLONE_FLAGS_H

#include <sched.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80 /* linux/sched.h, Linux 5.6 */
#endif

#endif
