/* /etc/subuid and /etc/subgid: the ids that a user may map (subuid(5)). */
#ifndef RIND_SYS_SUBID_H
#define RIND_SYS_SUBID_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Whether one line of PATH grants the user, by UID or by NAME, all COUNT ids
 * from FIRST on. NAME may be empty. False where PATH cannot be read.
 */
bool subid_grants(const char *path, uid_t uid, const char *name, uint32_t first,
		  uint32_t count);

#endif
