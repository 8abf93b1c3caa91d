/*
 * attack: tries on PID 1 what a hostile app would, a line for each attempt:
 * "NAME: done", or the kernel's reason.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int send_signal(void)
{
	return kill(1, SIGURG);
}

static int trace(void)
{
	return (int)ptrace(PTRACE_SEIZE, 1, NULL, NULL);
}

static int limit(void)
{
	struct rlimit none = { 0, 0 };

	return prlimit(1, RLIMIT_NPROC, &none, NULL);
}

static int slow_down(void)
{
	return setpriority(PRIO_PROCESS, 1, 19);
}

static int pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(1, sizeof(set), &set);
}

/* musl's sched_setscheduler() is a stub. */
static int make_idle(void)
{
	struct sched_param param = { 0 };

	return (int)syscall(SYS_sched_setscheduler, 1, SCHED_IDLE, &param);
}

static int starve(void)
{
	/* IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE */
	return (int)syscall(SYS_ioprio_set, 1, 1, 3 << 13);
}

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

static int open_at(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int open_environ(void)
{
	return open_at("/proc/1/environ", O_RDONLY);
}

static int open_mem(void)
{
	return open_at("/proc/1/mem", O_RDONLY);
}

static int write_mem(void)
{
	return open_at("/proc/1/mem", O_RDWR);
}

static int open_maps(void)
{
	return open_at("/proc/1/maps", O_RDONLY);
}

static int enter_root(void)
{
	return open_at("/proc/1/root", O_RDONLY | O_DIRECTORY);
}

static int enter_cwd(void)
{
	return open_at("/proc/1/cwd", O_RDONLY | O_DIRECTORY);
}

static int list_fds(void)
{
	return open_at("/proc/1/fd", O_RDONLY | O_DIRECTORY);
}

static int open_fd(void)
{
	return open_at("/proc/1/fd/2", O_WRONLY);
}

static int offer_to_oom_killer(void)
{
	return open_at("/proc/1/oom_score_adj", O_WRONLY);
}

static const struct {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "kill", send_signal },
	{ "ptrace", trace },
	{ "prlimit", limit },
	{ "setpriority", slow_down },
	{ "sched_setaffinity", pin },
	{ "sched_setscheduler", make_idle },
	{ "ioprio_set", starve },
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
	{ "oom_score_adj", offer_to_oom_killer },
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
