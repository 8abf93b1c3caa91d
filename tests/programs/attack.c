/*
 * attack: tries on PID 1 what a hostile app would, a line for each attempt:
 * "NAME: done", or the kernel's reason.
 */
#define _GNU_SOURCE
#include "on_pid1.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

static int read_memory(void)
{
	char byte;
	struct iovec own = { &byte, 1 };
	struct iovec other = { (void *)0x400000, 1 };

	return process_vm_readv(1, &own, 1, &other, 1, 0) < 0 ? -1 : 0;
}

static int steal_descriptor(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);

	return pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, 2, 0);
}

static int open_environ(void)
{
	return opens("/proc/1/environ", O_RDONLY);
}

static int write_mem(void)
{
	return opens("/proc/1/mem", O_RDWR);
}

static int open_maps(void)
{
	return opens("/proc/1/maps", O_RDONLY);
}

static int enter_cwd(void)
{
	return opens("/proc/1/cwd", O_RDONLY | O_DIRECTORY);
}

static int list_fds(void)
{
	return opens("/proc/1/fd", O_RDONLY | O_DIRECTORY);
}

static int open_fd(void)
{
	return opens("/proc/1/fd/2", O_WRONLY);
}

static const struct {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "kill", send_signal },
	{ "ptrace", trace },
	{ "prlimit", set_cpu_limit },
	{ "setpriority", set_niceness },
	{ "sched_setaffinity", set_affinity },
	{ "sched_setscheduler", set_policy },
	{ "ioprio_set", set_io_priority },
	{ "process_vm_readv", read_memory },
	{ "pidfd_getfd", steal_descriptor },
	{ "environ", open_environ },
	{ "mem", open_mem },
	{ "mem for writing", write_mem },
	{ "maps", open_maps },
	{ "root", enter_root },
	{ "cwd", enter_cwd },
	{ "fd", list_fds },
	{ "fd/2", open_fd },
	{ "oom_score_adj", open_oom_score },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int result = attempts[i].run();

		printf("%s: %s\n", attempts[i].name,
		       result < 0 ? strerror(errno) : "done");
	}
	return 0;
}
