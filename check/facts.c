/* What is the case about one process. */
#include "check/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "lib/text.h"
#include "sys/capset.h"
#include "sys/ids.h"

enum {
	PID_MAX = 4194304, /* PID_MAX_LIMIT, include/linux/threads.h */
	CHUNK = 4096,
};

/* Grows as it reads: the size of a file in /proc is known only at its end. */
char *read_at(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t length = 0;
	size_t size = CHUNK;
	char *data = fd < 0 ? NULL : arena_alloc(size);
	ssize_t got = 0;
	int number;

	while (data && (got = read(fd, data + length, size - 1 - length)) > 0) {
		length += (size_t)got;
		if (length == size - 1) {
			data = arena_grow(data, size, 2 * size);
			size *= 2;
		}
	}
	if (data)
		data[length] = '\0';
	number = errno;
	if (fd >= 0)
		close(fd);
	errno = number;
	return got < 0 ? NULL : data;
}

bool scan_number(const char **at, unsigned int base, uint64_t *number)
{
	static const char digits[] = "0123456789abcdef";
	const char *first = *at + strspn(*at, " \t");
	const char *digit;

	*number = 0;
	for (*at = first;
	     **at && (digit = strchr(digits, **at)) && digit < digits + base;
	     ++*at)
		*number = *number * base + (uint64_t)(digit - digits);
	return *at > first;
}

/* An image can have a directory /proc with whatever lies in it. */
static int open_proc(const char *pid)
{
	char path[32];
	struct text text = text_in(path, sizeof(path));
	struct statfs system;
	int fd;

	text_add(&text, "/proc/");
	text_add(&text, pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || (!fstatfs(fd, &system) &&
		       (unsigned long)system.f_type == PROC_SUPER_MAGIC))
		return fd;
	close(fd);
	return -1;
}

static int refuse(const char *pid, struct error *error)
{
	if (access("/proc/self", F_OK))
		return error_set(error, "check", pid, "there is no /proc",
				 "mount it, or check this process alone");
	return error_set(error, "check", pid, "no such process",
			 "or /proc hides it: see hidepid in proc(5)");
}

static void add_field(struct text *text, const char *name, uint64_t number)
{
	text_addf(text, "%s%llu", name, (unsigned long long)number);
}

static const char cap_names[][9] = {
	[CAPSET_EFFECTIVE] = "\nCapEff:",   [CAPSET_PERMITTED] = "\nCapPrm:",
	[CAPSET_INHERITABLE] = "\nCapInh:", [CAPSET_BOUNDING] = "\nCapBnd:",
	[CAPSET_AMBIENT] = "\nCapAmb:",
};

static void add_ids(struct text *text, const char *name,
		    const unsigned int *ids, int count)
{
	text_add(text, name);
	for (int i = 0; i < count; i++)
		add_field(text, "\t", ids[i]);
}

/*
 * Of this very process, system calls tell most, which need no /proc, and first:
 * REST is what /proc tells, or NULL. The file system ids are told by the calls
 * that set them; -1 sets nothing. In seccomp's mode 1 the call would end us,
 * but so would all that came before it.
 */
static char *own_status(const char *rest)
{
	static const struct {
		char name[13];
		char option;
	} asked[] = {
		{ "\nNoNewPrivs:", PR_GET_NO_NEW_PRIVS },
		{ "\nSeccomp:", PR_GET_SECCOMP },
		{ "\nSecurebits:", PR_GET_SECUREBITS },
		{ "\nDumpable:", PR_GET_DUMPABLE },
	};
	int count = getgroups(0, NULL);
	size_t size = CHUNK + (rest ? strlen(rest) : 0) + 12 * (size_t)count;
	unsigned int *ids;
	char *data;
	struct text text;

	if (count < 0)
		return NULL;
	ids = arena_alloc(sizeof(*ids) * (size_t)count + CHUNK);
	data = arena_alloc(size);
	text = text_in(data, size);
	getresuid(&ids[0], &ids[1], &ids[2]);
	ids[3] = (unsigned int)setfsuid((uid_t)-1);
	add_ids(&text, "\nUid:", ids, 4);
	getresgid(&ids[0], &ids[1], &ids[2]);
	ids[3] = (unsigned int)setfsgid((gid_t)-1);
	add_ids(&text, "\nGid:", ids, 4);
	if (getgroups(count, ids) != count)
		return NULL;
	add_ids(&text, "\nGroups:", ids, count);
	add_field(&text, "\nNSpid:", (uint64_t)getpid());
	for (int which = 0; which <= CAPSET_AMBIENT; which++) {
		uint64_t set;

		if (capset_read((enum capset)which, &set))
			return NULL;
		add_field(&text, cap_names[which], set);
	}
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		int answer = prctl(asked[i].option, 0, 0, 0, 0);

		if (answer >= 0)
			add_field(&text, asked[i].name, (uint64_t)answer);
	}
	text_add(&text, "\n");
	text_add(&text, rest ? rest : "");
	return data;
}

int process_open(struct process *p, const char *pid, struct error *error)
{
	unsigned long number;

	*p = (struct process){ .own = !pid, .proc = -1, .root = -1 };
	if (pid && (number_read(pid, PID_MAX, &number) || !number))
		return error_set(error, "check", pid,
				 "neither json nor a process id",
				 "--check=json, --check=PID, --check=json,PID");
	p->proc = open_proc(pid ? pid : "self");
	if (pid && p->proc < 0)
		return refuse(pid, error);
	if (p->own)
		p->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	else
		p->root = openat(p->proc, "root",
				 O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->proc >= 0)
		p->status = read_at(p->proc, "status");
	if (p->own)
		p->status = own_status(p->status);
	return 0;
}

/* Each line but the first of /proc's, its name, which nobody asks for here. */
const char *fact_text(const struct process *p, const char *name)
{
	const char *at = p->status ? strstr(p->status, name) : NULL;

	return at ? at + strlen(name) : NULL;
}

bool fact(const struct process *p, const char *name, uint64_t *number)
{
	const char *at = fact_text(p, name);

	return at && scan_number(&at, 10, number);
}

bool fact_pid(const struct process *p, uint64_t *pid)
{
	*pid = (uint64_t)getpid();
	return fact(p, "\nPid:", pid) || p->own;
}

/* NSpid (Linux 4.1) has a number for each namespace, the innermost last. */
bool fact_inner_pid(const struct process *p, uint64_t *pid)
{
	const char *at = fact_text(p, "\nNSpid:");
	uint64_t next;
	bool known = false;

	while (at && scan_number(&at, 10, &next)) {
		*pid = next;
		known = true;
	}
	return known;
}

/* The kernel writes a set in hexadecimal digits, own_status() does not. */
bool fact_caps(const struct process *p, enum capset which, uint64_t *set)
{
	const char *at = fact_text(p, cap_names[which]);

	return at && scan_number(&at, p->own ? 10 : 16, set);
}

/*
 * The files of a process that is not dumpable belong to root, not to its user
 * (proc(5)). Where its user is root, or one that this user namespace cannot
 * name, the two look the same.
 */
bool fact_dumpable(const struct process *p, bool *dumpable)
{
	const char *name[] = { "\nUid:", "\nGid:" };
	uint64_t id[2] = { 0, 0 };
	struct stat owner;
	uint64_t answer;

	if (p->own) {
		if (!fact(p, "\nDumpable:", &answer))
			return false;
		*dumpable = answer == 1;
		return true;
	}
	for (int i = 0; i < 2; i++) {
		const char *at = fact_text(p, name[i]);

		/* The second of the line is the effective one. */
		if (!at || !scan_number(&at, 10, &id[i]) ||
		    !scan_number(&at, 10, &id[i]))
			return false;
	}
	if (fstatat(p->proc, "status", &owner, 0))
		return false;
	*dumpable = owner.st_uid == id[0] && owner.st_gid == id[1];
	return !*dumpable || ((id[0] || id[1]) && id[0] != OVERFLOW_ID);
}
