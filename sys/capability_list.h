/* Lists of capabilities, as a user writes them. */
#ifndef RIND_SYS_CAPABILITY_LIST_H
#define RIND_SYS_CAPABILITY_LIST_H

#include <stdbool.h>
#include <stdint.h>

struct capability_list {
	uint64_t set; /* bit N is capability N */
	bool all;     /* whatever the bounding set holds */
	bool given;
};

/*
 * Adds TEXT, "chown,cap_kill", "docker", "all" or "none", to *LIST. Returns
 * what is wrong with it, or NULL.
 */
const char *capability_list_add(struct capability_list *list, const char *text);

#endif
