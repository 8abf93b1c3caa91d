/*
 * hostile: tries what somebody would who has broken into the app, a line for
 * each attempt: "NAME: done", or the kernel's reason. Nothing is changed that
 * outlives it or that another process could notice.
 *
 * "hostile root" and "hostile capable" tell by their exit code, as a setuid
 * program and as one with file capabilities, whether that has helped.
 */
#define _GNU_SOURCE
#include "on_pid1.h"
#include "outside_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OUTSIDE = 9 /* the test leaves it open: a directory of the host's */
};

/* Takes the ids of PID 1; -1 where they cannot be had. */
static int become_init(void)
{
	unsigned int uid = 0;
	unsigned int gid = 0;
	char line[256];
	FILE *status = fopen("/proc/1/status", "re");

	if (!status)
		return -1;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "Uid:%u", &uid);
		sscanf(line, "Gid:%u", &gid);
	}
	fclose(status);
	if (syscall(SYS_setresgid, gid, gid, gid))
		return -1;
	return (int)syscall(SYS_setresuid, uid, uid, uid);
}

/* Runs an attempt, and with ON_INIT once more with the ids of PID 1. */
static int try(int (*run)(void), bool on_init)
{
	int number;

	if (!run())
		return 0;
	number = errno;
	if (on_init && !become_init())
		return run();
	errno = number;
	return -1;
}

/* Tries it in a process of its own; its errno is the exit code. */
static int in_child(int (*run)(void), bool on_init)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(try(run, on_init) ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static int become_root(void)
{
	return setuid(0);
}

static int helped(const char *program, const char *how)
{
	execl(program, program, how, NULL);
	return -1;
}

static int run_setuid(void)
{
	return helped("/tmp/setuid", "root");
}

static int run_capable(void)
{
	return helped("/tmp/capable", "capable");
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

/* What a user namespace is good for: root's own attack surface. */
static int mount_in_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -1;
	return mount("x", "/tmp", "tmpfs", 0, NULL);
}

/* PID 1 cannot be stopped from inside; whether one may ask is what counts. */
static int stop_init(void)
{
	return kill(1, SIGSTOP);
}

static int read_environ(void)
{
	char byte;
	int fd = open("/proc/1/environ", O_RDONLY | O_CLOEXEC);

	/* rind leaves zeros there. */
	errno = fd < 0 ? errno : ENODATA;
	return fd < 0 || read(fd, &byte, 1) < 1 || !byte ? -1 : 0;
}

static int open_fd(void)
{
	return opens("/proc/1/fd/0", O_RDONLY);
}

static int use_descriptor(void)
{
	return fchdir(OUTSIDE);
}

static int change_root(void)
{
	return chroot("/tmp");
}

static int mount_something(void)
{
	return mount("x", "/tmp", "tmpfs", 0, NULL);
}

static int make_device(void)
{
	int result = mknod("/tmp/device", S_IFBLK | 0600, makedev(7, 0));

	if (!result)
		unlink("/tmp/device");
	return result;
}

static int new_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static int raw_socket(void)
{
	return new_socket(AF_INET, SOCK_RAW, 1);
}

static int packet_socket(void)
{
	return new_socket(AF_PACKET, SOCK_RAW, 0);
}

/* No module: past the question of privilege the kernel says EFAULT. */
static int load_module(void)
{
	return syscall(SYS_init_module, NULL, 64, "") && errno != EFAULT &&
			       errno != ENOEXEC
		       ? -1
		       : 0;
}

/* Who inherits a session keyring possesses its keys, whatever uid he has. */
static int read_key(const char *name)
{
	char payload[sizeof(key_payload)] = "";
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING,
			   "user", name, 0);

	if (key < 0 ||
	    syscall(SYS_keyctl, KEYCTL_READ, key, payload, sizeof(payload)) < 0)
		return -1;
	errno = EBADMSG;
	return memcmp(payload, key_payload, sizeof(payload)) ? -1 : 0;
}

static int read_session_key(void)
{
	return read_key(session_key);
}

/* A link in its session makes the app a possessor of what is in there. */
static int read_user_key(void)
{
	if (syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
		    KEY_SPEC_SESSION_KEYRING) < 0)
		return -1;
	return read_key(user_key);
}

/* What the terminal then sends, SIGINT and SIGWINCH, PID 1 gets. */
static int put_init_into_foreground(void)
{
	if (tcsetpgrp(0, 1))
		return -1;
	signal(SIGTTOU, SIG_IGN);
	return tcsetpgrp(0, getpgrp());
}

static int write_sysctl(void)
{
	return opens("/proc/sys/kernel/core_pattern", O_WRONLY);
}

static int write_sysrq(void)
{
	return opens("/proc/sysrq-trigger", O_WRONLY);
}

static int write_sys(void)
{
	return opens("/sys/kernel/profiling", O_WRONLY) && errno == ENOENT
		       ? opens("/sys/kernel/mm/ksm/run", O_WRONLY)
		       : opens("/sys/kernel/profiling", O_WRONLY);
}

static int push_character(void)
{
	return ioctl(0, TIOCSTI, "");
}

static int read_log(void)
{
	return syscall(SYS_syslog, 10, NULL, 0) < 0 ? -1 : 0;
}

static int rename_host(void)
{
	char name[65];

	if (gethostname(name, sizeof(name)))
		return -1;
	return sethostname(name, strlen(name));
}

static int use_io_uring(void)
{
	char parameters[120] = { 0 };
	int fd = (int)syscall(SYS_io_uring_setup, 1, parameters);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
}

static const struct {
	const char *name;
	int (*run)(void);
	bool on_init; /* tried with its ids, too */
} attempts[] = {
	{ "become root by setuid(2)", become_root, false },
	{ "become root by a setuid program", run_setuid, false },
	{ "capabilities by those of a file", run_capable, false },
	{ "capabilities in a new user namespace", enter_user_namespace, false },
	{ "a mount in a new user namespace", mount_in_user_namespace, false },
	{ "signal PID 1", send_signal, true },
	{ "send PID 1 a stop", stop_init, true },
	{ "limit PID 1's CPU time", set_cpu_limit, true },
	{ "renice PID 1", set_niceness, true },
	{ "give PID 1 another scheduling policy", set_policy, true },
	{ "pin PID 1 to one CPU", set_affinity, true },
	{ "lower PID 1's I/O priority", set_io_priority, true },
	{ "offer PID 1 to the OOM killer", open_oom_score, true },
	{ "trace PID 1", trace, true },
	{ "open /proc/1/mem", open_mem, true },
	{ "read /proc/1/environ", read_environ, true },
	{ "open /proc/1/fd/0", open_fd, true },
	{ "enter /proc/1/root", enter_root, true },
	{ "a directory of the outside by a descriptor", use_descriptor, false },
	{ "chroot", change_root, false },
	{ "mount", mount_something, false },
	{ "make a block device", make_device, false },
	{ "a raw socket", raw_socket, false },
	{ "a packet socket", packet_socket, false },
	{ "load a module", load_module, false },
	{ "read a key in the session keyring of the outside", read_session_key,
	  false },
	{ "read a key that its uid has outside (@u)", read_user_key, false },
	{ "write to /proc/sys", write_sysctl, false },
	{ "write to /proc/sysrq-trigger", write_sysrq, false },
	{ "write to /sys", write_sys, false },
	{ "read the kernel's log", read_log, false },
	{ "set the hostname", rename_host, false },
	{ "push a character into the terminal (TIOCSTI)", push_character,
	  false },
	{ "make PID 1 the terminal's foreground (tcsetpgrp)",
	  put_init_into_foreground, false },
	{ "io_uring, as one call of many", use_io_uring, false },
};

static int has_capability(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[2] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[0].permitted & 1U << CAP_SYS_ADMIN;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "root"))
		return geteuid() ? EPERM : 0;
	if (argc > 1)
		return has_capability() ? 0 : EPERM;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		printf("%s: %s\n", attempts[i].name,
		       in_child(attempts[i].run, attempts[i].on_init)
			       ? strerror(errno)
			       : "done");
	return 0;
}
