/* Lists of capabilities, as a user writes them. */
#include "sys/capability_list.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lib/array.h"
#include "sys/capset.h"

#define NONE_ALONE "\"none\" stands alone"

/* What docker run leaves to a container (docker-run(1), "Runtime privilege").
 */
static const int docker_caps[] = {
	CAP_CHOWN,   CAP_DAC_OVERRIDE,     CAP_FOWNER, CAP_FSETID,
	CAP_KILL,    CAP_SETGID,           CAP_SETUID, CAP_SETPCAP,
	CAP_NET_RAW, CAP_SYS_CHROOT,       CAP_MKNOD,  CAP_AUDIT_WRITE,
	CAP_SETFCAP, CAP_NET_BIND_SERVICE,
};

static uint64_t docker_set(void)
{
	uint64_t set = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(docker_caps); i++)
		set |= capset_bit(docker_caps[i]);
	return set;
}

static bool is_word(const char *word, size_t length, const char *expected)
{
	return strlen(expected) == length &&
	       !strncasecmp(word, expected, length);
}

/* Adds the LENGTH bytes at WORD. Returns what is wrong with them, or NULL. */
static const char *add_word(struct capability_list *caps, const char *word,
			    size_t length)
{
	int cap;

	if (!length)
		return "an empty item in the list";
	if (is_word(word, length, "none"))
		return NONE_ALONE;
	if (is_word(word, length, "all")) {
		caps->all = true;
		return NULL;
	}
	if (is_word(word, length, "docker")) {
		caps->set |= docker_set();
		return NULL;
	}
	cap = capset_from_name(word, length);
	if (cap < 0)
		return "no such capability (write a name of "
		       "capabilities(7), such as net_bind_service)";
	caps->set |= capset_bit(cap);
	return NULL;
}

const char *capability_list_add(struct capability_list *caps, const char *list)
{
	bool none = !strcasecmp(list, "none");
	bool empty = !caps->set && !caps->all;
	const char *reason = NULL;

	if (none && !empty)
		return NONE_ALONE;
	/* An earlier list was "none". */
	if (!none && caps->given && empty)
		return NONE_ALONE;
	caps->given = true;
	if (none)
		return NULL;
	while (!reason) {
		size_t length = strcspn(list, ",");

		reason = add_word(caps, list, length);
		if (!list[length])
			break;
		list += length + 1;
	}
	return reason;
}
