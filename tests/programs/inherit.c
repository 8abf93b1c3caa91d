/*
 * inherit STATE... -- COMMAND: starts COMMAND with state that an exec keeps.
 * inherit: shows what it was started with itself, a line for each state.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	MEMORY_MERGE_SET = 67, /* PR_SET_MEMORY_MERGE, Linux 6.4 */
	MEMORY_MERGE_GET = 68,
	IOPRIO_WHO_PROCESS = 1,
	IOPRIO_IDLE = 3 << 13,
	SLACK_NS = 123456,
	LONG_S = 100000
};

static long query(void)
{
	return personality(0xffffffff);
}

static long set_personality(void)
{
	return personality(ADDR_NO_RANDOMIZE | READ_IMPLIES_EXEC | UNAME26) < 0;
}

static long set_uname(void)
{
	return personality(PER_LINUX32 | ADDR_NO_RANDOMIZE) < 0;
}

static long get_merging(void)
{
	return prctl(MEMORY_MERGE_GET, 0, 0, 0, 0);
}

static long set_merging(void)
{
	return prctl(MEMORY_MERGE_SET, 1, 0, 0, 0);
}

static long get_memory_errors(void)
{
	return prctl(PR_MCE_KILL_GET, 0, 0, 0, 0);
}

static long set_memory_errors(void)
{
	return prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0);
}

static long get_umask(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return mask;
}

static long set_umask(void)
{
	umask(0);
	return 0;
}

static long set_umask_077(void)
{
	umask(077);
	return 0;
}

static long get_timers(void)
{
	struct itimerval left;

	return !getitimer(ITIMER_REAL, &left) && left.it_value.tv_sec;
}

static long set_timers(void)
{
	struct itimerval timer = { .it_value.tv_sec = LONG_S };

	return setitimer(ITIMER_REAL, &timer, NULL);
}

static long set_short_timer(void)
{
	struct itimerval timer = { .it_value.tv_sec = 2 };

	return setitimer(ITIMER_REAL, &timer, NULL);
}

static long get_pending(void)
{
	sigset_t set;

	return !sigpending(&set) && sigismember(&set, SIGUSR1);
}

static long set_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return raise(SIGUSR1);
}

static long get_policy(void)
{
	return syscall(SYS_sched_getscheduler, 0);
}

static long set_policy(void)
{
	struct sched_param parameter = { .sched_priority = 5 };

	return syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameter);
}

static long get_nice(void)
{
	return getpriority(PRIO_PROCESS, 0);
}

static long set_nice(void)
{
	return setpriority(PRIO_PROCESS, 0, 7);
}

static long get_affinity(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? -1 : CPU_COUNT(&set);
}

static long set_affinity(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

static long get_io_priority(void)
{
	return syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
}

static long set_io_priority(void)
{
	return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_IDLE);
}

static long read_number(const char *path, int base)
{
	char text[32] = "";
	FILE *file = fopen(path, "re");

	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return strtol(text, NULL, base);
}

static long write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0)
		return -1;
	return fclose(file);
}

static long get_oom_score(void)
{
	return read_number("/proc/self/oom_score_adj", 10);
}

static long set_oom_score(void)
{
	return write_text("/proc/self/oom_score_adj", "321");
}

static long get_core_filter(void)
{
	return read_number("/proc/self/coredump_filter", 16);
}

static long set_core_filter(void)
{
	return write_text("/proc/self/coredump_filter", "0x7f");
}

static long get_limit(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CPU, &limit) ? -1 : (long)limit.rlim_cur;
}

static long set_limit(void)
{
	struct rlimit limit = { LONG_S, RLIM_INFINITY };

	return setrlimit(RLIMIT_CPU, &limit);
}

static long set_hard_limit(void)
{
	struct rlimit limit = { LONG_S, LONG_S };

	return setrlimit(RLIMIT_CPU, &limit);
}

static long get_slack(void)
{
	return prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
}

static long set_slack(void)
{
	return prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
}

static long get_huge_pages(void)
{
	return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0);
}

static long set_huge_pages(void)
{
	return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

static long get_memory_policy(void)
{
	int mode = -1;

	return syscall(SYS_get_mempolicy, &mode, NULL, 0, NULL, 0) ? -1 : mode;
}

static long set_memory_policy(void)
{
	unsigned long nodes = 1;

	return syscall(SYS_set_mempolicy, MPOL_INTERLEAVE, &nodes, 64);
}

static long get_ignored(void)
{
	struct sigaction action;

	return !sigaction(SIGUSR2, NULL, &action) &&
	       action.sa_handler == SIG_IGN;
}

static long set_ignored(void)
{
	return signal(SIGUSR2, SIG_IGN) == SIG_ERR;
}

static const struct {
	const char *name;
	long (*get)(void);
	long (*set)(void);
} states[] = {
	{ "personality", query, set_personality },
	{ "uname", NULL, set_uname },
	{ "merging", get_merging, set_merging },
	{ "memory errors", get_memory_errors, set_memory_errors },
	{ "umask", get_umask, set_umask },
	{ "umask 077", NULL, set_umask_077 },
	{ "timers", get_timers, set_timers },
	{ "short timer", NULL, set_short_timer },
	{ "pending", get_pending, set_pending },
	{ "policy", get_policy, set_policy },
	{ "nice", get_nice, set_nice },
	{ "affinity", get_affinity, set_affinity },
	{ "io priority", get_io_priority, set_io_priority },
	{ "oom score", get_oom_score, set_oom_score },
	{ "core filter", get_core_filter, set_core_filter },
	{ "limit", get_limit, set_limit },
	{ "hard limit", NULL, set_hard_limit },
	{ "timer slack", get_slack, set_slack },
	{ "huge pages", get_huge_pages, set_huge_pages },
	{ "memory policy", get_memory_policy, set_memory_policy },
	{ "ignored", get_ignored, set_ignored },
};

static void set_state(const char *name)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (strcmp(states[i].name, name))
			continue;
		if (!states[i].set())
			return;
		fprintf(stderr, "inherit: %s: %s\n", name, strerror(errno));
		exit(2);
	}
	fprintf(stderr, "inherit: %s: no such state\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && strcmp(argv[i], "--"); i++)
		set_state(argv[i]);
	if (i < argc) {
		execvp(argv[i + 1], argv + i + 1);
		perror(argv[i + 1]);
		return 127;
	}
	for (size_t state = 0; state < sizeof(states) / sizeof(states[0]);
	     state++)
		if (states[state].get)
			printf("%s: %ld\n", states[state].name,
			       states[state].get());
	return 0;
}
