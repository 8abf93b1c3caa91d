/*
 * The capability sets of the calling process, as masks of 64 bits
 * (capabilities(7)). libcap makes the system calls.
 *
 * Anybody may read them. The functions that change them are for the two
 * processes that give privilege up: the app's, in the steps of
 * setup/confinement, and PID 1, in supervise/confine.c. There is no way back.
 *
 * What returns int returns 0, or -1 with errno. A set that could not be read
 * must not be taken for an empty one: *SET means nothing then. A change that
 * fails may have been made in part.
 */
#ifndef RIND_SYS_CAPSET_H
#define RIND_SYS_CAPSET_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum capset {
	CAPSET_EFFECTIVE,
	CAPSET_PERMITTED,
	CAPSET_INHERITABLE,
	CAPSET_BOUNDING,
	CAPSET_AMBIENT,
};

enum {
	CAPSETS = CAPSET_AMBIENT + 1
};

/* The bit of one capability, CAP_CHOWN and so on. */
static inline uint64_t capset_bit(int cap)
{
	return (uint64_t)1 << cap;
}

/* --- reading --- */

int capset_read(enum capset which, uint64_t *set);

/* Three of the sets by one capget(2). */
int capset_read_three(uint64_t *permitted, uint64_t *effective,
		      uint64_t *inheritable);

/* Every capability that the running kernel knows, as libcap found out. */
uint64_t capset_known(void);

/*
 * Whether libcap was right: the capability above the last known one is unknown
 * to the kernel. A system call filter can mislead libcap's search, and what it
 * missed would never be dropped.
 */
bool capset_known_is_complete(void);

/*
 * Whether permitted and effective are HELD, inheritable and ambient PASSED_ON.
 * False also where they cannot be read.
 */
bool capset_is(uint64_t held, uint64_t passed_on);

/* --- changing --- */

/*
 * Drops the capabilities of EXCESS from the bounding set. Needs CAP_SETPCAP;
 * EPERM without it.
 */
int capset_drop_bounding(uint64_t excess);

/*
 * Makes permitted and effective HELD and inheritable INHERITABLE, by one
 * capset(2). EPERM where HELD holds what the permitted set does not.
 */
int capset_set(uint64_t held, uint64_t inheritable);

/*
 * Makes the ambient set AMBIENT, or raises and lowers single capabilities in
 * it. EPERM for what is not both permitted and inheritable.
 */
int capset_set_ambient(uint64_t ambient);
int capset_change_ambient(uint64_t raise, uint64_t lower);

/*
 * The securebits that an app gets, locked. uid 0 gives nothing by itself
 * (NOROOT), unless ROOT_GAINS: an exec as uid 0 then gives the bounding set.
 * That bit is not locked: a process may well set it. The fixups that take the
 * capabilities of a process which leaves uid 0 stay on: a server that starts as
 * root and drops to a worker's uid counts on them. KEEP_CAPS, by which a
 * process asks to keep its permitted set over that change, is not locked:
 * named, chronyd, dnsmasq and avahi do, to bind ports or set clocks as another
 * user. They keep what they held.
 */
unsigned int capset_locked_securebits(bool root_gains);

/* --- names --- */

/*
 * "net_bind_service" for a capability's number, or the number where libcap
 * knows no name. Returns BUFFER.
 */
const char *capset_name(int cap, char *buffer, size_t size);

/*
 * The number for a name of LENGTH bytes, "net_bind_service" or
 * "CAP_NET_BIND_SERVICE"; -1 where there is none.
 */
int capset_from_name(const char *name, size_t length);

#endif
