/*
 * Namespaces (namespaces(7)) and what can be set once they are rind's own: the
 * hostname, loopback, the clocks' offsets.
 */
#include "setup/namespaces/unshare.h"

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

#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "setup/steps.h"
#include "sys/clone_flags.h"
#include "sys/procfs.h"

enum {
	HOSTNAME_MAX = 64
}; /* __NEW_UTS_LEN, uname(2) */

static const struct unshare_kind {
	const char *name;
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

static const struct unshare_kind *kind_of(unsigned int flag)
{
	const struct unshare_kind *kind = unshare_kinds;

	while (kind->flag != flag)
		kind++;
	return kind;
}

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
			return "no such namespace (user, mount, pid, net, "
			       "ipc, uts, cgroup, time, all)";
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
	return "the kernel takes 1 to 64 bytes";
}

static const char *read_offset(struct plan_number *offset, const char *value)
{
	bool negative = *value == '-';
	int64_t ms;

	if (time_read(value + negative, &ms))
		return "not a time (a number with ms, s or m)";
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
	{ .name = "unshare",
	  .metavar = "LIST",
	  .help = "user,mount,pid,net,ipc,uts,cgroup,time, or all",
	  .kind = OPTION_VALUE,
	  .read = read_unshare,
	  .repeatable = true },
	{ .name = "hostname",
	  .metavar = "NAME",
	  .help = "in a UTS namespace of its own",
	  .kind = OPTION_VALUE,
	  .read = read_hostname,
	  .needs_namespace = CLONE_NEWUTS },
	{ .name = "boot-offset",
	  .metavar = "TIME",
	  .help = "moves the boot clock, in a time namespace",
	  .kind = OPTION_VALUE,
	  .read = read_boot,
	  .needs_namespace = CLONE_NEWTIME },
	{ .name = "monotonic-offset",
	  .metavar = "TIME",
	  .help = "moves the monotonic clock, likewise",
	  .kind = OPTION_VALUE,
	  .read = read_monotonic,
	  .needs_namespace = CLONE_NEWTIME },
};

const struct option_table namespaces_option_table =
	OPTION_TABLE(GROUP_NAMESPACES, namespaces_options);

bool setup_needs_outer(const struct plan *plan)
{
	return plan->namespaces.unshare & (CLONE_NEWUSER | CLONE_NEWPID);
}

static int check_option(const struct plan *plan, const struct option *option,
			struct error *error)
{
	char object[32];
	char cure[48];
	struct text text = text_in(object, sizeof(object));

	if (!(option->needs_namespace & ~plan->namespaces.unshare))
		return 0;
	text_addf(&text, "--%s", option->name);
	text = text_in(cure, sizeof(cure));
	text_addf(&text, "add --unshare=%s",
		  kind_of(option->needs_namespace)->name);
	return error_set(error, "options", object,
			 "needs a namespace of its own", cure);
}

int namespaces_check(const struct plan *plan, struct error *error)
{
	if (plan->supervision.exec && setup_needs_outer(plan))
		return error_set(error, "options", "--exec",
				 "leaves nobody outside of a new user or PID "
				 "namespace",
				 "leave out --exec");
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (check_option(plan, g->option, error))
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
			return error_errno(error, "namespaces",
					   unshare_kinds[i].name,
					   errno == EPERM
						   ? "needs CAP_SYS_ADMIN: add "
						     "--unshare=user"
						   : NULL);
	return 0;
}

/* "boottime SECONDS NANOSECONDS", time_namespaces(7). */
static void add_offset(struct text *text, const char *clock, int64_t ms)
{
	int64_t seconds = (ms < 0 ? ms - 999 : ms) / 1000;
	int64_t nanoseconds = (ms - seconds * 1000) * 1000000;

	text_addf(text, "%s %lld %lld\n", clock, (long long)seconds,
		  (long long)nanoseconds);
}

int namespaces_write(const char *step, const char *path,
		     const struct text *text, const char *cure,
		     struct error *error)
{
	int fd = procfs_open(path, O_WRONLY);
	ssize_t written = fd < 0 ? -1 : write(fd, text->data, text->length);

	if (written < 0)
		error_errno(error, step, path,
			    fd < 0 ? "is /proc mounted?" : cure);
	close(fd);
	return written < 0 ? -1 : 0;
}

static int write_offsets(const struct plan_namespaces *plan,
			 struct error *error)
{
	char buffer[160];
	struct text text = text_in(buffer, sizeof(buffer));

	add_offset(&text, "monotonic", plan->monotonic_offset_ms.value);
	add_offset(&text, "boottime", plan->boot_offset_ms.value);
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
			    "is /proc mounted?");
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
