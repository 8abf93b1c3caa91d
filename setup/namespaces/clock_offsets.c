/* --boot-offset and --monotonic-offset: the clocks of a time namespace. */
#include <fcntl.h>
#include <unistd.h>

#include "lib/number.h"
#include "lib/text.h"
#include "setup/namespaces/proc_file.h"
#include "setup/steps.h"
#include "sys/kernel_constants.h"

static const char *read_offset(struct plan_number *offset, const char *value)
{
	bool negative = *value == '-';
	int64_t ms;

	if (time_read(negative ? value + 1 : value, &ms))
		return "not a time (write 500ms, 10s, 2m or 1m30s)";
	*offset = (struct plan_number){ .given = true,
					.value = negative ? -ms : ms };
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

static const struct option clock_options[] = {
	{ .name = "boot-offset",
	  .metavar = "TIME",
	  .help = "move the boot clock (needs --unshare=time)",
	  .kind = OPTION_VALUE,
	  .read = read_boot,
	  .needs_namespace = CLONE_NEWTIME },
	{ .name = "monotonic-offset",
	  .metavar = "TIME",
	  .help = "move the monotonic clock (needs --unshare=time)",
	  .kind = OPTION_VALUE,
	  .read = read_monotonic,
	  .needs_namespace = CLONE_NEWTIME },
};

const struct option_table clock_option_table = OPTION_TABLE(GROUP_NAMESPACES,
							    clock_options);

/*
 * "boottime SECONDS NANOSECONDS", time_namespaces(7). The nanoseconds are never
 * negative: -0.5 s is -1 s and 500,000,000 ns.
 */
static void add_offset(struct text *text, const char *clock, int64_t ms)
{
	int64_t seconds = (ms < 0 ? ms - 999 : ms) / 1000;
	int64_t nanoseconds = (ms - seconds * 1000) * 1000000;

	text_addf(text, "%s %lld %lld\n", clock, (long long)seconds,
		  (long long)nanoseconds);
}

static int write_offsets(const struct plan_namespaces *plan,
			 struct error *error)
{
	char buffer[160];
	struct text text = text_in(buffer, sizeof(buffer));

	add_offset(&text, "monotonic", plan->monotonic_offset_ms.value);
	add_offset(&text, "boottime", plan->boot_offset_ms.value);
	return proc_file_write("time", "/proc/self/timens_offsets", buffer,
			       "choose an offset that leaves the clock above "
			       "zero",
			       error);
}

/*
 * A process that makes a time namespace is not in it, but its children are:
 * rind enters it too. O_NONBLOCK: a FIFO in the place of /proc must not hold up
 * the start; setns(2) refuses it.
 */
static int enter_time_namespace(struct error *error)
{
	int fd = open("/proc/self/ns/time_for_children",
		      O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int result = fd < 0 ? -1 : setns(fd, CLONE_NEWTIME);

	if (result)
		error_errno(error, "time", "/proc/self/ns", "mount /proc");
	if (fd >= 0)
		close(fd);
	return result;
}

/* The kernel takes no offsets once a process is inside. */
static int set_offsets_and_enter(struct container *container,
				 struct error *error)
{
	const struct plan_namespaces *plan = &container->plan->namespaces;

	if (!(plan->unshare & CLONE_NEWTIME))
		return 0;
	if ((plan->boot_offset_ms.given || plan->monotonic_offset_ms.given) &&
	    write_offsets(plan, error))
		return -1;
	return enter_time_namespace(error);
}

const struct container_step time_step = {
	.text = { .name = "time",
		  .options = { "boot-offset", "monotonic-offset" } },
	.run = set_offsets_and_enter,
};
