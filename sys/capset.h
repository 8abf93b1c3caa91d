/*
 * Capability sets as masks of 64 bits, over libcap (capabilities(7)).
 */
#ifndef RIND_SYS_CAPSET_H
#define RIND_SYS_CAPSET_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

static inline uint64_t capset_bit(int cap)
{
	return (uint64_t)1 << cap;
}

/*
 * The permitted, effective and inheritable set of this process, and the
 * bounding set. Return 0, or -1: a set that was not read must not look like an
 * empty one.
 */
int capset_read(uint64_t *permitted, uint64_t *effective,
		uint64_t *inheritable);
int capset_bounding(uint64_t *set);

/* The five sets of a process; the first three are libcap's cap_flag_t. */
enum capset {
	CAPSET_EFFECTIVE,
	CAPSET_PERMITTED,
	CAPSET_INHERITABLE,
	CAPSET_BOUNDING,
	CAPSET_AMBIENT,
};

/* That set of this process; 0 or -1. */
int capset_of_process(enum capset which, uint64_t *set);

/* All capabilities that the running kernel knows, as libcap found at its start.
 */
uint64_t capset_known(void);

/* Whether that was all: none above them is one. */
bool capset_known_is_all(void);

/*
 * The steps that give privilege up, each 0 or -1 with errno. The first drops
 * EXCESS from the bounding set; capset_keep() sets permitted and effective to
 * KEEP and inheritable to INHERIT.
 */
int capset_drop_bounding(uint64_t excess);
int capset_keep(uint64_t keep, uint64_t inherit);
int capset_set_ambient(uint64_t caps);
int capset_change_ambient(uint64_t set, uint64_t clear);

/*
 * Whether permitted and effective are KEEP, inheritable and ambient INHERIT.
 */
bool capset_are(uint64_t keep, uint64_t inherit);

/*
 * The securebits that an app gets, locked. uid 0 gives nothing by itself
 * (NOROOT), unless setuid programs were asked for: a setuid-root program lives
 * on the uid's magic, within the bounding set. The fixups that strip a process
 * which leaves uid 0 stay on: a server that starts as root and drops to a
 * worker's uid counts on them.
 */
unsigned int capset_locked_securebits(bool allow_new_privs);

/* "net_bind_service" for a capability's number, into BUFFER. */
const char *capset_name(int cap, char *buffer, unsigned long size);

/* "net_bind_service", "CAP_CHOWN", of LENGTH; -1 where there is none. */
int capset_from_name(const char *name, unsigned long length);

#endif
