/* What the kernel tells of one process. */
#include "sys/status.h"

#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "sys/ids.h"
#include "sys/kernel_text.h"

static struct known_number known(uint64_t value)
{
	return (struct known_number){ .known = true, .value = value };
}

/*
 * Returns what stands behind "NAME:" in TEXT, or NULL. The first line is the
 * process' name, which it chooses itself; the kernel escapes a newline in it.
 */
static const char *find_line(const char *text, const char *name)
{
	size_t length = strlen(name);

	while ((text = strchr(text, '\n'))) {
		text++;
		if (!strncmp(text, name, length) && text[length] == ':')
			return text + length + 1;
	}
	return NULL;
}

static void parse_number(const char *text, const char *name, unsigned int base,
			 struct known_number *number)
{
	const char *at = find_line(text, name);
	uint64_t value;

	if (at && kernel_text_number(&at, base, &value))
		*number = known(value);
}

static void parse_ids(const char *text, const char *name, struct known_ids *ids)
{
	const char *at = find_line(text, name);
	struct known_ids read = { .known = at != NULL };

	for (int i = 0; i < IDS && read.known; i++) {
		uint64_t id = 0;

		read.known = kernel_text_number(&at, 10, &id) &&
			     id <= UINT32_MAX;
		read.id[i] = (uint32_t)id;
	}
	if (read.known)
		*ids = read;
}

static size_t count_numbers(const char *at)
{
	size_t count = 0;
	uint64_t number;

	while (kernel_text_number(&at, 10, &number))
		count++;
	return count;
}

static void parse_groups(const char *text, struct known_groups *groups)
{
	const char *at = find_line(text, "Groups");
	size_t count = at ? count_numbers(at) : 0;
	gid_t *gids = arena_alloc_array(count, sizeof(*gids));

	for (size_t i = 0; i < count; i++) {
		uint64_t gid;

		if (!kernel_text_number(&at, 10, &gid) || gid > UINT32_MAX)
			return;
		gids[i] = (gid_t)gid;
	}
	if (at)
		*groups = (struct known_groups){ true, gids, count };
}

/* NSpid (Linux 4.1): a number for each PID namespace, the innermost last. */
static void parse_innermost_pid(const char *text, struct known_number *pid)
{
	const char *at = find_line(text, "NSpid");
	uint64_t number;

	while (at && kernel_text_number(&at, 10, &number))
		*pid = known(number);
}

void status_parse(const char *text, struct process_status *status)
{
	struct known_number *capabilities = status->capabilities;
	const struct {
		const char *name;
		unsigned int base;
		struct known_number *number;
	} numbers[] = {
		{ "Pid", 10, &status->pid },
		{ "PPid", 10, &status->parent_pid },
		{ "TracerPid", 10, &status->tracer_pid },
		{ "CapInh", 16, &capabilities[CAPSET_INHERITABLE] },
		{ "CapPrm", 16, &capabilities[CAPSET_PERMITTED] },
		{ "CapEff", 16, &capabilities[CAPSET_EFFECTIVE] },
		{ "CapBnd", 16, &capabilities[CAPSET_BOUNDING] },
		{ "CapAmb", 16, &capabilities[CAPSET_AMBIENT] },
		{ "NoNewPrivs", 10, &status->no_new_privs },
		{ "Seccomp", 10, &status->seccomp_mode },
		{ "Seccomp_filters", 10, &status->seccomp_filters },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
		parse_number(text, numbers[i].name, numbers[i].base,
			     numbers[i].number);
	parse_innermost_pid(text, &status->innermost_pid);
	parse_ids(text, "Uid", &status->uids);
	parse_ids(text, "Gid", &status->gids);
	parse_groups(text, &status->groups);
}

/*
 * The files of a process that is not dumpable belong to root, not to its user
 * (proc(5)). Where its user is root, or one that this user namespace cannot
 * name, the two look the same.
 */
static void find_dumpable(int proc, struct process_status *status)
{
	uint32_t uid = status->uids.id[ID_EFFECTIVE];
	uint32_t gid = status->gids.id[ID_EFFECTIVE];
	struct stat owner;

	if (!status->uids.known || !status->gids.known ||
	    fstatat(proc, "status", &owner, 0))
		return;
	if (owner.st_uid != uid || owner.st_gid != gid)
		status->dumpable = known(false);
	else if ((uid || gid) && uid != OVERFLOW_ID)
		status->dumpable = known(true);
}

void status_read(int proc, struct process_status *status)
{
	const char *text = kernel_text_read(proc, "status");

	*status = (struct process_status){ 0 };
	if (!text)
		return;
	status_parse(text, status);
	find_dumpable(proc, status);
}

/* The file system ids are told by the calls that set them; -1 sets nothing. */
static void ask_ids(struct process_status *status)
{
	uid_t uid[IDS];
	gid_t gid[IDS];

	uid[ID_FILE_SYSTEM] = (uid_t)setfsuid((uid_t)-1);
	if (!getresuid(&uid[ID_REAL], &uid[ID_EFFECTIVE], &uid[ID_SAVED]) &&
	    uid[ID_FILE_SYSTEM] != (uid_t)-1) {
		status->uids.known = true;
		memcpy(status->uids.id, uid, sizeof(uid));
	}
	gid[ID_FILE_SYSTEM] = (gid_t)setfsgid((gid_t)-1);
	if (!getresgid(&gid[ID_REAL], &gid[ID_EFFECTIVE], &gid[ID_SAVED]) &&
	    gid[ID_FILE_SYSTEM] != (gid_t)-1) {
		status->gids.known = true;
		memcpy(status->gids.id, gid, sizeof(gid));
	}
}

static void ask_groups(struct known_groups *groups)
{
	gid_t *gids;
	int count = ids_read_groups(&gids);

	if (count >= 0)
		*groups = (struct known_groups){ true, gids, (size_t)count };
}

static void ask_capabilities(struct process_status *status)
{
	for (int which = 0; which < CAPSETS; which++) {
		uint64_t set;

		if (!capset_read((enum capset)which, &set))
			status->capabilities[which] = known(set);
	}
}

static struct known_number ask_prctl(int option, struct known_number otherwise)
{
	int answer = prctl(option, 0, 0, 0, 0);

	return answer < 0 ? otherwise : known((uint64_t)answer);
}

/* Where a system call is refused, what /proc said stays. */
void status_read_own(int proc, struct process_status *status)
{
	const char *text = proc < 0 ? NULL : kernel_text_read(proc, "status");

	*status = (struct process_status){ .pid = known((uint64_t)getpid()) };
	if (text)
		status_parse(text, status);
	status->innermost_pid = known((uint64_t)getpid());
	ask_ids(status);
	ask_groups(&status->groups);
	ask_capabilities(status);
	status->securebits = ask_prctl(PR_GET_SECUREBITS, status->securebits);
	status->no_new_privs = ask_prctl(PR_GET_NO_NEW_PRIVS,
					 status->no_new_privs);
	/* In strict mode it would end us; so would all that came before it. */
	status->seccomp_mode = ask_prctl(PR_GET_SECCOMP, status->seccomp_mode);
	status->dumpable = ask_prctl(PR_GET_DUMPABLE, status->dumpable);
	/* 2, as fs.suid_dumpable may set it, lets root alone look into it. */
	status->dumpable.value = status->dumpable.value == 1;
}
