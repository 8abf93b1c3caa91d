/* What is the case about one process. */
#include "check/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/number.h"
#include "base/text.h"
#include "setup/passwd.h"

enum {
	PID_MAX = 4194304, /* PID_MAX_LIMIT, include/linux/threads.h */
	OVERFLOW_ID = 65534,
	CHUNK = 4096,
};

/* Grows as it reads: the size of a file in /proc is known only at its end. */
static char *read_all(int fd)
{
	size_t length = 0;
	size_t size = CHUNK;
	char *data = malloc(size);
	ssize_t got = 0;

	while (data && (got = read(fd, data + length, size - 1 - length)) > 0) {
		char *grown = data;

		length += (size_t)got;
		if (length == size - 1)
			grown = realloc(data, size *= 2);
		data = grown;
	}
	if (!data || got < 0)
		return NULL;
	data[length] = '\0';
	return data;
}

char *read_at(int directory, const char *name)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *data;
	int number;

	if (fd < 0)
		return NULL;
	data = read_all(fd);
	number = errno;
	close(fd);
	errno = number;
	return data;
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

/* strstr(3) of the C library is a kilobyte of worst cases. */
const char *text_find(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (; *text; text++)
		if (!strncmp(text, word, length))
			return text;
	return NULL;
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
	return 0;
}

/* What stands behind "NAME:" in its status, or NULL. */
static const char *field(const struct process *p, const char *name)
{
	size_t length = strlen(name);
	const char *line = p->status;

	while (line && (line = strchr(line, '\n'))) {
		line++;
		if (!strncmp(line, name, length) && line[length] == ':')
			return line + length + 1;
	}
	return NULL;
}

static bool number_field(const struct process *p, const char *name,
			 unsigned int base, uint64_t *number)
{
	const char *at = field(p, name);

	return at && scan_number(&at, base, number);
}

bool fact_pid(const struct process *p, uint64_t *pid)
{
	if (number_field(p, "Pid", 10, pid))
		return true;
	*pid = (uint64_t)getpid();
	return p->own;
}

/* NSpid (Linux 4.1) has a number for each namespace, the innermost last. */
bool fact_inner_pid(const struct process *p, uint64_t *pid)
{
	const char *at = field(p, "NSpid");
	uint64_t next;

	if (p->own) {
		*pid = (uint64_t)getpid();
		return true;
	}
	if (!at || !scan_number(&at, 10, pid))
		return false;
	while (scan_number(&at, 10, &next))
		*pid = next;
	return true;
}

bool fact_parent(const struct process *p, uint64_t *pid)
{
	return number_field(p, "PPid", 10, pid);
}

/* The file system ids are told by the calls that set them; -1 sets nothing. */
static bool own_ids(enum id_kind kind, unsigned int ids[4])
{
	if (kind == UIDS ? getresuid(&ids[0], &ids[1], &ids[2])
			 : getresgid(&ids[0], &ids[1], &ids[2]))
		return false;
	ids[3] = (unsigned int)(kind == UIDS ? setfsuid((uid_t)-1)
					     : setfsgid((gid_t)-1));
	return true;
}

bool fact_ids(const struct process *p, enum id_kind kind, unsigned int ids[4])
{
	const char *at;

	if (p->own)
		return own_ids(kind, ids);
	at = field(p, kind == UIDS ? "Uid" : "Gid");
	for (int i = 0; i < 4; i++) {
		uint64_t number;

		if (!at || !scan_number(&at, 10, &number))
			return false;
		ids[i] = (unsigned int)number;
	}
	return true;
}

static bool own_groups(struct gids *gids)
{
	int count = getgroups(0, NULL);

	if (count < 0)
		return false;
	gids->list = malloc((size_t)count * sizeof(gid_t) + 1);
	if (!gids->list || getgroups(count, gids->list) != count)
		return false;
	gids->count = (size_t)count;
	return true;
}

bool fact_groups(const struct process *p, struct gids *gids)
{
	const char *at = field(p, "Groups");
	struct error error;
	uint64_t number;

	*gids = (struct gids){ 0 };
	if (p->own)
		return own_groups(gids);
	while (at && scan_number(&at, 10, &number))
		if (groups_append((gid_t)number, &gids->list, &gids->count,
				  &error))
			return false;
	return at;
}

bool fact_caps(const struct process *p, enum capset which, uint64_t *set)
{
	static const char names[][7] = {
		[CAPSET_EFFECTIVE] = "CapEff",   [CAPSET_PERMITTED] = "CapPrm",
		[CAPSET_INHERITABLE] = "CapInh", [CAPSET_BOUNDING] = "CapBnd",
		[CAPSET_AMBIENT] = "CapAmb",
	};

	if (!p->own)
		return number_field(p, names[which], 16, set);
	return !capset_of_process(which, set);
}

static bool ask(int option, uint64_t *answer)
{
	int value = prctl(option, 0, 0, 0, 0);

	*answer = (uint64_t)value;
	return value >= 0;
}

bool fact_securebits(const struct process *p, unsigned int *bits)
{
	uint64_t answer;

	if (!p->own || !ask(PR_GET_SECUREBITS, &answer))
		return false;
	*bits = (unsigned int)answer;
	return true;
}

bool fact_new_privs(const struct process *p, uint64_t *no_new_privs)
{
	return p->own ? ask(PR_GET_NO_NEW_PRIVS, no_new_privs)
		      : number_field(p, "NoNewPrivs", 10, no_new_privs);
}

/* In mode 1 the call would end us, but so would all that came before it. */
bool fact_seccomp(const struct process *p, uint64_t *mode)
{
	return p->own ? ask(PR_GET_SECCOMP, mode)
		      : number_field(p, "Seccomp", 10, mode);
}

bool fact_seccomp_filters(const struct process *p, uint64_t *count)
{
	return number_field(p, "Seccomp_filters", 10, count);
}

bool fact_tracer(const struct process *p, uint64_t *pid)
{
	return number_field(p, "TracerPid", 10, pid);
}

/*
 * The files of a process that is not dumpable belong to root, not to its user
 * (proc(5)). Where its user is root, or one that this user namespace cannot
 * name, the two look the same.
 */
bool fact_dumpable(const struct process *p, bool *dumpable)
{
	unsigned int uid[4];
	unsigned int gid[4];
	struct stat owner;
	uint64_t answer;

	if (p->own) {
		if (!ask(PR_GET_DUMPABLE, &answer))
			return false;
		*dumpable = answer == 1;
		return true;
	}
	if (!fact_ids(p, UIDS, uid) || !fact_ids(p, GIDS, gid) ||
	    fstatat(p->proc, "status", &owner, 0))
		return false;
	*dumpable = owner.st_uid == uid[1] && owner.st_gid == gid[1];
	return !*dumpable || ((uid[1] || gid[1]) && uid[1] != OVERFLOW_ID);
}
