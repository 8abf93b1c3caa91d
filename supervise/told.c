/* Who has been sent a signal. */
#include "supervise/told.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/signals.h"
#include "sys/procfs.h"

enum {
	TICKS_PER_SECOND = 100, /* USER_HZ, on every architecture of rind's */
	START_TIME = 22,        /* the field of proc_pid_stat(5) */
};

/*
 * Whether PID ignores SIGNAL, by "SigIgn:" of /proc/PID/status
 * (proc_pid_status(5)); a shell without job control has its background jobs
 * ignore SIGINT and SIGQUIT. False where that cannot be read.
 */
static bool ignores(pid_t pid, int signal)
{
	char status[4096];
	const char *line;

	if (procfs_read_start(pid, "status", status, sizeof(status)) < 0)
		return false;
	line = strstr(status, "\nSigIgn:\t");
	return line && strtoull(line + strlen("\nSigIgn:\t"), NULL, 16) &
			       signal_bit(signal);
}

int64_t told_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * TICKS_PER_SECOND +
	       now.tv_nsec / (1000000000 / TICKS_PER_SECOND);
}

/* Whether PID began after WHEN. False where that cannot be read. */
static bool began_after(pid_t pid, int64_t when)
{
	long long start;

	return !procfs_stat_number(pid, START_TIME, &start) && start > when;
}

bool was_told(const struct told *told, pid_t pid)
{
	return told && (!told->group || getpgid(pid) == told->group) &&
	       !began_after(pid, told->when) && !ignores(pid, told->signal);
}
