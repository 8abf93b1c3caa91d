/* Whose namespaces a process lives in, told by their inodes (namespaces(7)). */
#include "check/sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check/rows.h"
#include "lib/text.h"

/*
 * The first namespace of a kind has an inode below the numbers that later ones
 * get (include/linux/proc_ns.h). Net and mnt have such a one since Linux 6.18;
 * before that a high number tells nothing about them.
 */
#define FIRST_DYNAMIC 0xF0000000U

enum {
	KIND_PID = 2
};

static const struct {
	char name[7];
	bool always_reserved;
} kinds[NAMESPACES] = {
	{ "user", true },   { "mnt", false }, { "pid", true },
	{ "net", false },   { "ipc", true },  { "uts", true },
	{ "cgroup", true }, { "time", true },
};

const char *namespace_name(int kind)
{
	return kinds[kind].name;
}

static bool all_are_reserved(void)
{
	struct utsname name;
	const char *at = name.release;
	uint64_t major;
	uint64_t minor;

	return !uname(&name) && scan_number(&at, 10, &major) && *at++ == '.' &&
	       scan_number(&at, 10, &minor) &&
	       (major > 6 || (major == 6 && minor >= 18));
}

/* The inode in "net:[4026531833]"; 0 where it cannot be read, with errno. */
static uint64_t inode_of(int directory, uint64_t pid, int kind)
{
	char path[48];
	char link[64];
	struct text text = text_in(path, sizeof(path));
	const char *at;
	uint64_t inode;
	ssize_t length;

	if (pid) {
		text_add(&text, "/proc/");
		text_addf(&text, "%llu", (unsigned long long)pid);
		text_add(&text, "/");
	}
	text_add(&text, "ns/");
	text_add(&text, kinds[kind].name);
	length = readlinkat(directory, path, link, sizeof(link) - 1);
	if (length < 0)
		return 0;
	link[length] = '\0';
	at = strchr(link, '[');
	return at && at++ && scan_number(&at, 10, &inode) ? inode : 0;
}

/* PID 1 of the machine's first PID namespace is in all the first ones. */
static bool pid1_is_the_hosts(const struct process *p)
{
	uint64_t inode = inode_of(p->proc, 0, KIND_PID);

	return inode && inode < FIRST_DYNAMIC;
}

static enum sharing compare(const struct process *p, int kind, uint64_t own,
			    bool not_host)
{
	uint64_t pid = 0;
	uint64_t parent = 0;
	uint64_t parents;
	uint64_t first;

	if (own < FIRST_DYNAMIC)
		return SHARED_HOST;
	if (!fact_pid(p, &pid) || !fact(p, "\nPPid:", &parent))
		return SHARING_UNKNOWN;
	parents = parent ? inode_of(p->proc, parent, kind) : 0;
	first = pid != 1 ? inode_of(p->proc, 1, kind) : 0;
	if (own == parents)
		return SHARED_PARENT;
	if (own == first)
		return SHARED_PID1;
	/* A parent outside of the PID namespace cannot be asked. */
	if (parent ? !parents : !not_host)
		return SHARING_UNKNOWN;
	if (pid != 1 && !first && !(not_host && pid1_is_the_hosts(p)))
		return SHARING_UNKNOWN;
	return SHARED_NOT;
}

struct ns namespace_of(const struct process *p, int kind)
{
	struct ns ns = { SHARING_UNKNOWN, false };
	uint64_t own;

	if (p->proc < 0)
		return ns;
	own = inode_of(p->proc, 0, kind);
	if (!own) {
		if (errno == ENOENT)
			ns.sharing = NO_NAMESPACE;
		return ns;
	}
	ns.not_host = own >= FIRST_DYNAMIC &&
		      (kinds[kind].always_reserved || all_are_reserved());
	ns.sharing = compare(p, kind, own, ns.not_host);
	return ns;
}

enum verdict look_namespaces(const struct process *p, int what,
			     struct values *values)
{
	static const char words[][8] = {
		[SHARING_UNKNOWN] = "unknown", [SHARED_HOST] = "host",
		[SHARED_PARENT] = "parent",    [SHARED_PID1] = "pid1",
		[SHARED_NOT] = "own",
	};
	bool host = false;
	bool known = true;

	(void)what;
	if (p->proc < 0)
		return UNKNOWN;
	for (int kind = 0; kind < NAMESPACES; kind++) {
		struct ns ns = namespace_of(p, kind);
		char item[24];
		struct text text = text_in(item, sizeof(item));

		if (ns.sharing == NO_NAMESPACE)
			continue;
		text_add(&text, kinds[kind].name);
		text_add(&text, "=");
		value_add(values, item, words[ns.sharing]);
		host |= ns.sharing == SHARED_HOST;
		known &= ns.not_host;
	}
	if (host)
		return WEAK;
	return known ? GOOD : UNKNOWN;
}
