/*
 * Namespaces (namespaces(7)) and what can be set once they are rind's own: the
 * hostname, loopback, the clocks' offsets.
 */
#include "setup/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"
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
} kinds[] = {
	{ "user", CLONE_NEWUSER },     { "mount", CLONE_NEWNS },
	{ "pid", CLONE_NEWPID },       { "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },       { "uts", CLONE_NEWUTS },
	{ "cgroup", CLONE_NEWCGROUP }, { "time", CLONE_NEWTIME },
};

enum {
	KINDS = sizeof(kinds) / sizeof(kinds[0])
};

static int read_unshare(struct plan *plan, const char *value,
			const char **reason)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		unsigned int flags = 0;

		for (int i = 0; i < KINDS; i++)
			if ((strlen(kinds[i].name) == length &&
			     !memcmp(kinds[i].name, value, length)) ||
			    (length == 3 && !memcmp(value, "all", 3)))
				flags |= kinds[i].flag;
		if (!flags) {
			*reason = "no such namespace (user, mount, pid, net, "
				  "ipc, uts, cgroup, time, all)";
			return -1;
		}
		plan->namespaces.unshare |= flags;
		if (!value[length])
			return 0;
		value += length + 1;
	}
}

static int read_hostname(struct plan *plan, const char *value,
			 const char **reason)
{
	size_t length = strlen(value);

	plan->namespaces.hostname = value;
	if (length && length <= HOSTNAME_MAX)
		return 0;
	*reason = "the kernel takes 1 to 64 bytes";
	return -1;
}

static int read_offset(struct plan_number *offset, const char *value,
		       const char **reason)
{
	bool negative = *value == '-';
	int64_t ms;

	if (time_read(value + negative, &ms)) {
		*reason = "not a time (a number with ms, s or m)";
		return -1;
	}
	*offset = (struct plan_number){ true, negative ? -ms : ms };
	return 0;
}

static int read_boot(struct plan *plan, const char *value, const char **reason)
{
	return read_offset(&plan->namespaces.boot_offset_ms, value, reason);
}

static int read_monotonic(struct plan *plan, const char *value,
			  const char **reason)
{
	return read_offset(&plan->namespaces.monotonic_offset_ms, value,
			   reason);
}

static const struct option options[] = {
	{ .name = "unshare\0LIST\0"
		  "user,mount,pid,net,ipc,uts,cgroup,time, or all",
	  .read = read_unshare,
	  .adds_up = true },
	{ .name = "hostname\0NAME\0in a UTS namespace of its own",
	  .read = read_hostname },
	{ .name = "boot-offset\0TIME\0"
		  "moves the boot clock, in a time namespace",
	  .read = read_boot },
	{ .name = "monotonic-offset\0TIME\0"
		  "moves the monotonic clock, likewise",
	  .read = read_monotonic },
};

const struct facility namespaces_facility = { GROUP_NAMESPACES,
					      OPTIONS(options) };

bool namespaces_need_outside(const struct plan *plan)
{
	return plan->namespaces.unshare & (CLONE_NEWUSER | CLONE_NEWPID);
}

/* Each option that acts on a namespace acts on one that is rind's own. */
int namespaces_check(const struct plan *plan, struct error *error)
{
	const struct plan_namespaces *n = &plan->namespaces;
	const struct plan_mounts *m = &plan->mounts;
	const struct {
		bool given;
		const char *option;
		unsigned int needs;
		const char *cure;
	} rules[] = {
		{ n->hostname, "--hostname", CLONE_NEWUTS,
		  "add --unshare=uts" },
		{ n->boot_offset_ms.given, "--boot-offset", CLONE_NEWTIME,
		  "add --unshare=time" },
		{ n->monotonic_offset_ms.given, "--monotonic-offset",
		  CLONE_NEWTIME, "add --unshare=time" },
		{ n->uid_map, "--uid-map", CLONE_NEWUSER,
		  "add --unshare=user" },
		{ n->gid_map, "--gid-map", CLONE_NEWUSER,
		  "add --unshare=user" },
		{ m->root, "--root", CLONE_NEWNS, "add --unshare=mount" },
		{ m->standard, "--standard-mounts", CLONE_NEWNS,
		  "add --unshare=mount" },
		{ m->mounts, "--mount or --tmpfs", CLONE_NEWNS,
		  "add --unshare=mount" },
		{ m->read_only, "--read-only", CLONE_NEWNS,
		  "add --unshare=mount" },
		{ m->masks, "--mask", CLONE_NEWNS, "add --unshare=mount" },
		{ m->protects, "--protect", CLONE_NEWNS,
		  "add --unshare=mount" },
	};

	if (plan->supervision.exec && namespaces_need_outside(plan))
		return error_set(error, "options", "--exec",
				 "leaves nobody outside of a new user or PID "
				 "namespace",
				 "leave out --exec");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].given && !(n->unshare & rules[i].needs))
			return error_set(error, "options", rules[i].option,
					 "needs a namespace of its own",
					 rules[i].cure);
	return 0;
}

/* What the outside has not made already. */
static unsigned int left_to_make(const struct plan *plan)
{
	return plan->namespaces.unshare &
	       ~(unsigned int)(CLONE_NEWUSER | CLONE_NEWPID);
}

int namespaces_setup(struct container *container, struct error *error)
{
	unsigned int left = left_to_make(container->plan);

	/* One by one, so that the error names the one that fails. */
	for (int i = 0; i < KINDS; i++)
		if (left & kinds[i].flag && syscall(SYS_unshare, kinds[i].flag))
			return error_errno(error, "namespaces", kinds[i].name,
					   errno,
					   errno == EPERM
						   ? "needs CAP_SYS_ADMIN: add "
						     "--unshare=user"
						   : NULL);
	return 0;
}

/* "boottime SECONDS NANOSECONDS", time_namespaces(7). */
static void add_offset(struct text *text, const char *clock, int64_t ms)
{
	int64_t seconds = ms / 1000;
	int64_t rest = ms % 1000;

	if (rest < 0) {
		seconds--;
		rest += 1000;
	}
	text_add(text, clock);
	text_add(text, " ");
	text_add_number(text, seconds);
	text_add(text, " ");
	text_add_number(text, rest * 1000000);
	text_add(text, "\n");
}

static int write_offsets(const struct plan_namespaces *plan,
			 struct error *error)
{
	static const char path[] = "/proc/self/timens_offsets";
	char buffer[160];
	struct text text = text_in(buffer, sizeof(buffer));
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	if (fd < 0)
		return error_errno(error, "time", path, errno,
				   "is /proc mounted?");
	add_offset(&text, "monotonic", plan->monotonic_offset_ms.value);
	add_offset(&text, "boottime", plan->boot_offset_ms.value);
	written = write(fd, buffer, text.length);

	int number = errno;

	close(fd);
	return written < 0 ? error_errno(error, "time", "offsets", number,
					 number == ERANGE
						 ? "a clock would read less "
						   "than zero"
						 : NULL)
			   : 0;
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
	fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(error, "time", "/proc/self/ns", errno,
				   "is /proc mounted?");
	result = setns(fd, CLONE_NEWTIME);
	if (result)
		error_errno(error, "time", "setns", errno, NULL);
	close(fd);
	return result;
}

int hostname_setup(struct container *container, struct error *error)
{
	const char *name = container->plan->namespaces.hostname;

	if (name && sethostname(name, strlen(name)))
		return error_errno(error, "hostname", name, errno, NULL);
	return 0;
}

/* A new network namespace has loopback, but down. */
int loopback_setup(struct container *container, struct error *error)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd;
	int result = 0;

	if (!(container->plan->namespaces.unshare & CLONE_NEWNET))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(error, "loopback", "socket", errno, NULL);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		result = error_errno(error, "loopback", "lo", errno, NULL);
	close(fd);
	return result;
}
