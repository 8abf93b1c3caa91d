/* The capability sets of the calling process, over libcap. */
#include "sys/capset.h"

#include <errno.h>
#include <linux/securebits.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>
#include <sys/prctl.h>

#include "lib/array.h"
#include "lib/text.h"

#define LIBCAP_PLEASE_INCLUDE_ARRAY
#include "cap_names.h"

/* libcap's own list. Its functions for names allocate what they return. */
static const char *const cap_names[] = LIBCAP_CAP_NAMES;

enum {
	CAP_NAMES = ARRAY_LENGTH(cap_names)
};

static const char prefix[] = "cap_";

uint64_t capset_known(void)
{
	return capset_bit(cap_max_bits()) - 1;
}

bool capset_known_is_complete(void)
{
	return cap_get_bound(cap_max_bits()) < 0 && errno == EINVAL;
}

static uint64_t flag_set(cap_t caps, cap_flag_t flag)
{
	uint64_t set = 0;

	for (int cap = 0; cap < cap_max_bits(); cap++) {
		cap_flag_value_t value = CAP_CLEAR;

		if (!cap_get_flag(caps, cap, flag, &value) && value == CAP_SET)
			set |= capset_bit(cap);
	}
	return set;
}

int capset_read_three(uint64_t *permitted, uint64_t *effective,
		      uint64_t *inheritable)
{
	cap_t caps = cap_get_proc();

	if (!caps)
		return -1;
	*permitted = flag_set(caps, CAP_PERMITTED);
	*effective = flag_set(caps, CAP_EFFECTIVE);
	*inheritable = flag_set(caps, CAP_INHERITABLE);
	cap_free(caps);
	return 0;
}

static int read_flag(cap_flag_t flag, uint64_t *set)
{
	cap_t caps = cap_get_proc();

	if (!caps)
		return -1;
	*set = flag_set(caps, flag);
	cap_free(caps);
	return 0;
}

/* IS_IN is cap_get_bound(3) or cap_get_ambient(3): 1, 0, or -1 with errno. */
static int read_each(int (*is_in)(cap_value_t cap), uint64_t *set)
{
	*set = 0;
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		int in = is_in(cap);

		if (in < 0)
			return -1;
		if (in)
			*set |= capset_bit(cap);
	}
	return 0;
}

int capset_read(enum capset which, uint64_t *set)
{
	switch (which) {
	case CAPSET_EFFECTIVE:
		return read_flag(CAP_EFFECTIVE, set);
	case CAPSET_PERMITTED:
		return read_flag(CAP_PERMITTED, set);
	case CAPSET_INHERITABLE:
		return read_flag(CAP_INHERITABLE, set);
	case CAPSET_BOUNDING:
		return read_each(cap_get_bound, set);
	case CAPSET_AMBIENT:
		return read_each(cap_get_ambient, set);
	}
	errno = EINVAL;
	return -1;
}

bool capset_is(uint64_t held, uint64_t passed_on)
{
	uint64_t permitted;
	uint64_t effective;
	uint64_t inheritable;
	uint64_t ambient;

	if (capset_read_three(&permitted, &effective, &inheritable) ||
	    permitted != held || effective != held || inheritable != passed_on)
		return false;
	/* The kernel keeps the ambient set within the inheritable one. */
	if (!inheritable)
		return true;
	return !capset_read(CAPSET_AMBIENT, &ambient) && ambient == passed_on;
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

int capset_set(uint64_t held, uint64_t inheritable)
{
	cap_t caps = cap_init();
	int result = -1;
	int number;

	if (!caps)
		return -1;
	if (!fill_flag(caps, CAP_PERMITTED, held) &&
	    !fill_flag(caps, CAP_EFFECTIVE, held) &&
	    !fill_flag(caps, CAP_INHERITABLE, inheritable))
		result = cap_set_proc(caps);
	number = errno;
	cap_free(caps);
	errno = number;
	return result;
}

int capset_change_ambient(uint64_t raise, uint64_t lower)
{
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		uint64_t bit = capset_bit(cap);

		if (raise & bit && cap_set_ambient(cap, CAP_SET))
			return -1;
		if (lower & bit && cap_set_ambient(cap, CAP_CLEAR))
			return -1;
	}
	return 0;
}

int capset_set_ambient(uint64_t ambient)
{
	/* cap_reset_ambient(3) would first ask for each of them. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -1;
	return capset_change_ambient(ambient, 0);
}

unsigned int capset_locked_securebits(bool root_gains)
{
	unsigned int fixup = SECBIT_NO_SETUID_FIXUP_LOCKED;

	return root_gains ? fixup
			  : fixup | SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;
}

const char *capset_name(int cap, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	/* The kernel may know more of them. */
	if (cap < CAP_NAMES)
		text_add(&text, cap_names[cap] + strlen(prefix));
	else
		text_addf(&text, "%d", cap);
	return buffer;
}

int capset_from_name(const char *name, size_t length)
{
	if (length > strlen(prefix) &&
	    !strncasecmp(name, prefix, strlen(prefix))) {
		name += strlen(prefix);
		length -= strlen(prefix);
	}
	for (int cap = 0; cap < CAP_NAMES; cap++) {
		const char *known = cap_names[cap] + strlen(prefix);

		if (strlen(known) == length &&
		    !strncasecmp(known, name, length))
			return cap;
	}
	return -1;
}
