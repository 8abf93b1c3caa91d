/*
 * Namespaces (namespaces(7)) and what can be set once they are rind's own: the
 * hostname, loopback, the clocks' offsets.
 */
#include "setup/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/packed.h"
#include "base/text.h"
#include "setup/rooms.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80 /* linux/sched.h, Linux 5.6 */
#endif

enum {
	HOSTNAME_MAX = 64
}; /* __NEW_UTS_LEN, uname(2) */

static const struct {
	char name[8];
	unsigned int flag;
} unshare_kinds[] = {
	{ "user", CLONE_NEWUSER },     { "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },       { "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },       { "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
};

enum {
	UNSHARE_KINDS = sizeof(unshare_kinds) / sizeof(unshare_kinds[0])
};

static const char *read_unshare(struct plan *plan, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		unsigned int flags = 0;

		for (int i = 0; i < UNSHARE_KINDS; i++)
			if ((strlen(unshare_kinds[i].name) == length &&
			     !memcmp(unshare_kinds[i].name, value, length)) ||
			    (length == 3 && !memcmp(value, "all", 3)))
				flags |= unshare_kinds[i].flag;
		if (!flags)
			return TEXT("no such namespace (user, mount, pid, net, "
				    "ipc, uts, cgroup, time, all)");
		plan->namespaces.unshare |= flags;
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static const char *read_hostname(struct plan *plan, const char *value)
{
	size_t length = strlen(value);

	plan->namespaces.hostname = value;
	if (length && length <= HOSTNAME_MAX)
		return NULL;
	return TEXT("the kernel takes 1 to 64 bytes");
}

static const char *read_offset(struct plan_number *offset, const char *value)
{
	bool negative = *value == '-';
	int64_t ms;

	if (time_read(value + negative, &ms))
		return TEXT("not a time (a number with ms, s or m)");
	*offset = (struct plan_number){ true, negative ? -ms : ms };
	return NULL;
}

static const char *read_boot(struct plan *plan, const char *value)
{
	return read_offset(&plan->namespaces.boot_offset_ms, value);
}

static const char *read_monotonic(struct plan *plan, const char *value)
{
	return read_offset(&plan->namespaces.monotonic_offset_ms, value);
}

static const struct option namespaces_options[] = {
	{ .name = "unshare\0LIST\0" TEXT(
		  "user,mount,pid,net,ipc,uts,cgroup,time, or all"),
	  .read = read_unshare,
	  .adds_up = true },
	{ .name = "hostname\0NAME\0" TEXT("in a UTS namespace of its own"),
	  .read = read_hostname },
	{ .name = "boot-offset\0TIME\0" TEXT(
		  "moves the boot clock, in a time namespace"),
	  .read = read_boot },
	{ .name = "monotonic-offset\0TIME\0" TEXT(
		  "moves the monotonic clock, likewise"),
	  .read = read_monotonic },
};

const struct facility namespaces_facility = { GROUP_NAMESPACES,
					      OPTIONS(namespaces_options) };

bool namespaces_need_outside(const struct plan *plan)
{
	return plan->namespaces.unshare & (CLONE_NEWUSER | CLONE_NEWPID);
}

/* Each option that acts on a namespace acts on one that is rind's own. */
static const struct {
	char option[17];
	uint8_t kind; /* its place in kinds */
} needs[] = {
	{ "uid-map", 0 },     { "gid-map", 0 },
	{ "root", 1 },        { "standard-mounts", 1 },
	{ "mount", 1 },       { "tmpfs", 1 },
	{ "read-only", 1 },   { "mask", 1 },
	{ "protect", 1 },     { "hostname", 5 },
	{ "boot-offset", 7 }, { "monotonic-offset", 7 },
};

static bool lacks(const struct plan *plan, const char *option, size_t i)
{
	return !strcmp(option, needs[i].option) &&
	       !(plan->namespaces.unshare & unshare_kinds[needs[i].kind].flag);
}

static int check_option(const struct plan *plan, const char *option,
			struct error *error)
{
	char words[2][32];
	struct text object = text_in(words[0], sizeof(words[0]));
	struct text cure = text_in(words[1], sizeof(words[1]));

	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (!lacks(plan, option, i))
			continue;
		text_add(&object, "--");
		text_add(&object, option);
		text_add(&cure, "add --unshare=");
		text_add(&cure, unshare_kinds[needs[i].kind].name);
		return error_set(error, "options", object.data,
				 TEXT("needs a namespace of its own"),
				 cure.data);
	}
	return 0;
}

int namespaces_check(const struct plan *plan, struct error *error)
{
	if (plan->supervision.exec && namespaces_need_outside(plan))
		return error_set(
			error, "options", "--exec",
			TEXT("leaves nobody outside of a new user or PID "
			     "namespace"),
			TEXT("leave out --exec"));
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (check_option(plan, g->option->name, error))
			return -1;
	return 0;
}

int namespaces_setup(struct container *container, struct error *error)
{
	/* What the outside has not made already. */
	unsigned int left = container->plan->namespaces.unshare &
			    ~(unsigned int)(CLONE_NEWUSER | CLONE_NEWPID);

	/* One by one, so that the error names the one that fails. */
	for (int i = 0; i < UNSHARE_KINDS; i++)
		if (left & unshare_kinds[i].flag &&
		    syscall(SYS_unshare, unshare_kinds[i].flag))
			return error_errno(
				error, "namespaces", unshare_kinds[i].name,
				errno == EPERM
					? TEXT("needs CAP_SYS_ADMIN: add "
					       "--unshare=user")
					: NULL);
	return 0;
}

/* "boottime SECONDS NANOSECONDS", time_namespaces(7). */
static void add_offset(struct text *text, const char *clock, int64_t ms)
{
	int64_t seconds = (ms < 0 ? ms - 999 : ms) / 1000;
	text_add(text, clock);
	text_add_number(text, seconds);
	text_add(text, " ");
	text_add_number(text, (ms - seconds * 1000) * 1000000);
	text_add(text, "\n");
}

int namespaces_write(const char *step, const char *path,
		     const struct text *text, const char *cure,
		     struct error *error)
{
	int fd = file_open_proc(path, O_WRONLY);
	ssize_t written = fd < 0 ? -1 : write(fd, text->data, text->length);

	if (written < 0)
		error_errno(error, step, path,
			    fd < 0 ? TEXT("is /proc mounted?") : cure);
	close(fd);
	return written < 0 ? -1 : 0;
}

static int write_offsets(const struct plan_namespaces *plan,
			 struct error *error)
{
	char buffer[160];
	struct text text = text_in(buffer, sizeof(buffer));

	add_offset(&text, "monotonic ", plan->monotonic_offset_ms.value);
	add_offset(&text, "boottime ", plan->boot_offset_ms.value);
	return namespaces_write("time", "/proc/self/timens_offsets", &text,
				"no clock can read less than zero", error);
}

/*
 * The offsets have to stand before anybody is inside. A process that makes a
 * time namespace stays out of it itself, so rind follows its children in.
 */
int time_setup(struct container *container, struct error *error)
{
	const struct plan_namespaces *plan = &container->plan->namespaces;
	int fd;
	int result;

	if (!(plan->unshare & CLONE_NEWTIME))
		return 0;
	if ((plan->boot_offset_ms.given || plan->monotonic_offset_ms.given) &&
	    write_offsets(plan, error))
		return -1;
	/* Another thing of that name must not hold it up; setns(2) refuses it.
	 */
	fd = open("/proc/self/ns/time_for_children",
		  O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	result = fd < 0 ? -1 : setns(fd, CLONE_NEWTIME);
	if (result)
		error_errno(error, "time", "/proc/self/ns",
			    TEXT("is /proc mounted?"));
	close(fd);
	return result;
}

int hostname_setup(struct container *container, struct error *error)
{
	const char *name = container->plan->namespaces.hostname;

	if (name && sethostname(name, strlen(name)))
		return error_errno(error, "hostname", name, NULL);
	return 0;
}

/* A new network namespace has loopback, but down. */
int loopback_setup(struct container *container, struct error *error)
{
	struct ifreq request = { .ifr_name = "lo",
				 .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;
	int result;

	if (!(container->plan->namespaces.unshare & CLONE_NEWNET))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	result = fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
	if (result)
		error_errno(error, "loopback", fd < 0 ? "socket" : "lo", NULL);
	close(fd);
	return result;
}
