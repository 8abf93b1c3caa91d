/* Lists of capabilities, as a user writes them (capabilities(7)). */
#ifndef RIND_SYS_CAPABILITY_LIST_H
#define RIND_SYS_CAPABILITY_LIST_H

#include <stdbool.h>
#include <stdint.h>

struct capability_list {
	uint64_t set; /* bit N is capability N */
	bool all;     /* and whatever the bounding set holds */
	bool given;   /* a list was added; "none" leaves SET and ALL empty */
};

/*
 * Adds LIST, "chown,cap_kill", "docker", "all" or "none", to *CAPS. Returns
 * NULL, or the reason why LIST is none; *CAPS is then of no use.
 */
const char *capability_list_add(struct capability_list *caps, const char *list);

#endif
