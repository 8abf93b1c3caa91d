/* Capability sets as masks of 64 bits, over libcap. */
#include "sys/capset.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <linux/securebits.h>

#include "lib/text.h"

#define LIBCAP_PLEASE_INCLUDE_ARRAY
#include "cap_names.h"

uint64_t capset_known(void)
{
	return capset_bit(cap_max_bits()) - 1;
}

static uint64_t set_of(cap_t caps, cap_flag_t flag)
{
	uint64_t set = 0;

	for (int cap = 0; caps && cap < cap_max_bits(); cap++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (!cap_get_flag(caps, cap, flag, &value) && value == CAP_SET)
			set |= capset_bit(cap);
	}
	return set;
}

/* libcap asks by halving; one answer that fails would hide all above it. */
bool capset_known_is_all(void)
{
	return cap_get_bound(cap_max_bits()) < 0 && errno == EINVAL;
}

int capset_read(uint64_t *permitted, uint64_t *effective, uint64_t *inheritable)
{
	cap_t caps = cap_get_proc();

	if (!caps)
		return -1;
	*permitted = set_of(caps, CAP_PERMITTED);
	*effective = set_of(caps, CAP_EFFECTIVE);
	*inheritable = set_of(caps, CAP_INHERITABLE);
	cap_free(caps);
	return 0;
}

int capset_bounding(uint64_t *set)
{
	*set = 0;
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		int in = cap_get_bound(cap);

		if (in < 0)
			return -1;
		if (in)
			*set |= capset_bit(cap);
	}
	return 0;
}

int capset_drop_bounding(uint64_t excess)
{
	for (int cap = 0; cap < cap_max_bits(); cap++)
		if (excess & capset_bit(cap) && cap_drop_bound(cap))
			return -1;
	return 0;
}

static int fill_flag(cap_t caps, cap_flag_t flag, uint64_t set)
{
	for (int cap = 0; cap < cap_max_bits(); cap++)
		if (set & capset_bit(cap) &&
		    cap_set_flag(caps, flag, 1, &cap, CAP_SET))
			return -1;
	return 0;
}

int capset_keep(uint64_t keep, uint64_t inherit)
{
	cap_t caps = cap_init();
	int result = -1;

	if (caps && !fill_flag(caps, CAP_PERMITTED, keep) &&
	    !fill_flag(caps, CAP_EFFECTIVE, keep) &&
	    !fill_flag(caps, CAP_INHERITABLE, inherit))
		result = cap_set_proc(caps);

	int number = errno;

	cap_free(caps);
	errno = number;
	return result;
}

int capset_change_ambient(uint64_t set, uint64_t clear)
{
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		uint64_t bit = capset_bit(cap);

		if ((set | clear) & bit &&
		    cap_set_ambient(cap, set & bit ? CAP_SET : CAP_CLEAR))
			return -1;
	}
	return 0;
}

int capset_set_ambient(uint64_t set)
{
	/* cap_reset_ambient() would ask for each of them first. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -1;
	return capset_change_ambient(set, 0);
}

static int ambient(uint64_t *set)
{
	*set = 0;
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		int in = cap_get_ambient(cap);

		if (in < 0)
			return -1;
		if (in)
			*set |= capset_bit(cap);
	}
	return 0;
}

int capset_of_process(enum capset which, uint64_t *set)
{
	cap_t own;

	if (which == CAPSET_BOUNDING)
		return capset_bounding(set);
	if (which == CAPSET_AMBIENT)
		return ambient(set);
	own = cap_get_proc();
	*set = set_of(own, (cap_flag_t)which);
	cap_free(own);
	return own ? 0 : -1;
}

bool capset_are(uint64_t keep, uint64_t inherit)
{
	uint64_t permitted, effective, inheritable, set;

	/* The kernel keeps the ambient set within the inheritable one. */
	return !capset_read(&permitted, &effective, &inheritable) &&
	       permitted == keep && effective == keep &&
	       inheritable == inherit &&
	       (!inherit || (!ambient(&set) && set == inherit));
}

unsigned int capset_locked_securebits(bool allow_new_privs)
{
	unsigned int locks = SECBIT_NOROOT_LOCKED |
			     SECBIT_NO_SETUID_FIXUP_LOCKED |
			     SECBIT_KEEP_CAPS_LOCKED;

	return allow_new_privs ? locks : locks | SECBIT_NOROOT;
}

/* libcap's own list. Its functions for names allocate what they return. */
static const char *const cap_names[] = LIBCAP_CAP_NAMES;

static const char prefix[] = "cap_";

const char *capset_name(int cap, char *buffer, unsigned long size)
{
	struct text text = text_in(buffer, size);

	/* The kernel may know more of them. */
	if ((size_t)cap < sizeof(cap_names) / sizeof(cap_names[0]))
		text_add(&text, cap_names[cap] + strlen(prefix));
	else
		text_addf(&text, "%d", cap);
	return buffer;
}

int capset_from_name(const char *name, unsigned long length)
{
	if (length > strlen(prefix) &&
	    !strncasecmp(name, prefix, strlen(prefix))) {
		name += strlen(prefix);
		length -= strlen(prefix);
	}
	for (size_t cap = 0; cap < sizeof(cap_names) / sizeof(cap_names[0]);
	     cap++) {
		const char *known = cap_names[cap] + strlen(prefix);

		if (strlen(known) == length &&
		    !strncasecmp(known, name, length))
			return (int)cap;
	}
	return -1;
}
