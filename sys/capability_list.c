/* Lists of capabilities, as a user writes them. */
#include "sys/capability_list.h"

#include <string.h>
#include <strings.h>

#include "sys/capset.h"

/* Docker's default fourteen, docker-run(1). */
#define DOCKER_CAPS                                                          \
	(1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_FOWNER | \
	 1ULL << CAP_FSETID | 1ULL << CAP_KILL | 1ULL << CAP_SETGID |        \
	 1ULL << CAP_SETUID | 1ULL << CAP_SETPCAP |                          \
	 1ULL << CAP_NET_BIND_SERVICE | 1ULL << CAP_NET_RAW |                \
	 1ULL << CAP_SYS_CHROOT | 1ULL << CAP_MKNOD |                        \
	 1ULL << CAP_AUDIT_WRITE | 1ULL << CAP_SETFCAP)

/* Adds the word of LENGTH bytes at WORD; returns what is wrong, or NULL. */
static const char *add_word(struct capability_list *caps, const char *word,
			    size_t length)
{
	int cap;

	if (!length)
		return "an empty item in the list";
	if (length == 4 && !strncasecmp(word, "none", 4))
		return "\"none\" stands alone";
	if (length == 3 && !strncasecmp(word, "all", 3)) {
		caps->all = true;
		return NULL;
	}
	if (length == 6 && !strncasecmp(word, "docker", 6)) {
		caps->set |= DOCKER_CAPS;
		return NULL;
	}
	cap = capset_from_name(word, length);
	if (cap < 0)
		return "no such capability (capabilities(7) lists them)";
	caps->set |= capset_bit(cap);
	return NULL;
}

const char *capability_list_add(struct capability_list *caps, const char *list)
{
	bool none = !strcasecmp(list, "none");

	if (none ? caps->set || caps->all
		 : caps->given && !caps->set && !caps->all)
		return "\"none\" stands alone";
	caps->given = true;
	if (none)
		return NULL;
	for (;;) {
		size_t length = strcspn(list, ",");
		const char *reason = add_word(caps, list, length);

		if (reason || !list[length])
			return reason;
		list += length + 1;
	}
}
