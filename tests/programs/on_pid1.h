/*
 * What a hostile app would try on PID 1: each returns 0, or -1 with errno.
 * Nothing that succeeds keeps the test from going on.
 */
#ifndef RIND_TESTS_PROGRAMS_ON_PID1_H
#define RIND_TESTS_PROGRAMS_ON_PID1_H

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static inline int send_signal(void)
{
	return kill(1, SIGURG);
}

static inline int trace(void)
{
	return (int)ptrace(PTRACE_SEIZE, 1, NULL, NULL);
}

/* At which the kernel ends it; far away. */
static inline int set_cpu_limit(void)
{
	struct rlimit limit = { 100000, 100000 };

	return prlimit(1, RLIMIT_CPU, &limit, NULL);
}

static inline int set_niceness(void)
{
	return setpriority(PRIO_PROCESS, 1, 1);
}

/* musl's sched_setscheduler() is a stub. */
static inline int set_policy(void)
{
	struct sched_param none = { 0 };

	return (int)syscall(SYS_sched_setscheduler, 1, SCHED_BATCH, &none);
}

static inline int set_affinity(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(1, sizeof(set), &set);
}

static inline int set_io_priority(void)
{
	/* IOPRIO_WHO_PROCESS, the lowest of IOPRIO_CLASS_BE */
	return (int)syscall(SYS_ioprio_set, 1, 1, 2 << 13 | 7);
}

static inline int open_oom_score(void)
{
	return opens("/proc/1/oom_score_adj", O_WRONLY);
}

static inline int open_mem(void)
{
	return opens("/proc/1/mem", O_RDONLY);
}

static inline int enter_root(void)
{
	return opens("/proc/1/root", O_RDONLY | O_DIRECTORY);
}

#endif
