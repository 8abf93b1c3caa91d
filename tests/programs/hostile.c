/*
 * hostile: tries what somebody would who has broken into the app, a line for
 * each attempt: "NAME: done", or the kernel's reason. Nothing is changed that
 * outlives it or that another process could notice.
 *
 * "hostile root" and "hostile capable" tell by their exit code, as a setuid
 * program and as one with file capabilities, whether that has helped.
 *
 * "hostile outside COMMAND..." becomes COMMAND, as an engine starts it with a
 * terminal: the leader of that terminal's session. It leaves keys to be read,
 * as who logs in or starts a service may have them: in its session keyring, and
 * in the user keyrings of root and of the app's uid.
 * "hostile without-kill COMMAND..." does so with CAP_KILL withheld.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OUTSIDE = 9, /* the test leaves it open: a directory of the host's */
	APP_UID = 1000,
	KEY_SECONDS = 600 /* a user keyring outlives the container */
};

static const char session_key[] = "hostile";
static const char user_key[] = "hostile of a user";
static const char key_payload[] = "of the outside";

/* Runs one attempt in a process of its own; its errno is the exit code. */
static int in_child(int (*run)(void))
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(run() ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static int opens(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd < 0 ? -1 : 0;
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

/* Runs ATTEMPT, and once more with the ids of PID 1, if they can be had. */
static int as_init_too(int (*attempt)(void))
{
	unsigned int uid;
	unsigned int gid;
	char line[256];
	FILE *status;

	if (!attempt())
		return 0;
	uid = gid = 0;
	status = fopen("/proc/1/status", "re");
	while (status && fgets(line, sizeof(line), status)) {
		sscanf(line, "Uid:%u", &uid);
		sscanf(line, "Gid:%u", &gid);
	}
	if (!status || syscall(SYS_setresgid, gid, gid, gid) ||
	    syscall(SYS_setresuid, uid, uid, uid)) {
		errno = EPERM;
		return -1;
	}
	return attempt();
}

static int send_signal(void)
{
	return kill(1, SIGURG);
}

static int signal_init(void)
{
	return as_init_too(send_signal);
}

/* What the kernel ends it at: a limit that is far away. */
static int set_cpu_limit(void)
{
	struct rlimit limit = { 100000, 100000 };

	return prlimit(1, RLIMIT_CPU, &limit, NULL);
}

static int limit_init(void)
{
	return as_init_too(set_cpu_limit);
}

static int set_niceness(void)
{
	return setpriority(PRIO_PROCESS, 1, 1);
}

static int renice_init(void)
{
	return as_init_too(set_niceness);
}

static int set_policy(void)
{
	struct sched_param none = { 0 };

	return (int)syscall(SYS_sched_setscheduler, 1, SCHED_BATCH, &none);
}

static int reschedule_init(void)
{
	return as_init_too(set_policy);
}

static int set_affinity(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	return sched_setaffinity(1, sizeof(set), &set);
}

static int pin_init(void)
{
	return as_init_too(set_affinity);
}

static int set_io_priority(void)
{
	return (int)syscall(SYS_ioprio_set, 1, 1, 2 << 13 | 7);
}

static int slow_init_down(void)
{
	return as_init_too(set_io_priority);
}

static int open_oom_score(void)
{
	return opens("/proc/1/oom_score_adj", O_WRONLY);
}

static int offer_init(void)
{
	return as_init_too(open_oom_score);
}

/* PID 1 cannot be stopped from inside; whether one may ask is what counts. */
static int stop_init(void)
{
	return kill(1, SIGSTOP);
}

static int trace_init(void)
{
	return (int)ptrace(PTRACE_SEIZE, 1, NULL, NULL);
}

static int read_mem(void)
{
	return opens("/proc/1/mem", O_RDONLY);
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

static int enter_root(void)
{
	return opens("/proc/1/root/", O_RDONLY | O_DIRECTORY);
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
} attempts[] = {
	{ "become root by setuid(2)", become_root },
	{ "become root by a setuid program", run_setuid },
	{ "capabilities by those of a file", run_capable },
	{ "capabilities in a new user namespace", enter_user_namespace },
	{ "a mount in a new user namespace", mount_in_user_namespace },
	{ "signal PID 1", signal_init },
	{ "send PID 1 a stop", stop_init },
	{ "limit PID 1's CPU time", limit_init },
	{ "renice PID 1", renice_init },
	{ "give PID 1 another scheduling policy", reschedule_init },
	{ "pin PID 1 to one CPU", pin_init },
	{ "lower PID 1's I/O priority", slow_init_down },
	{ "offer PID 1 to the OOM killer", offer_init },
	{ "trace PID 1", trace_init },
	{ "open /proc/1/mem", read_mem },
	{ "read /proc/1/environ", read_environ },
	{ "open /proc/1/fd/0", open_fd },
	{ "enter /proc/1/root", enter_root },
	{ "a directory of the outside by a descriptor", use_descriptor },
	{ "chroot", change_root },
	{ "mount", mount_something },
	{ "make a block device", make_device },
	{ "a raw socket", raw_socket },
	{ "a packet socket", packet_socket },
	{ "load a module", load_module },
	{ "read a key in the session keyring of the outside",
	  read_session_key },
	{ "read a key that its uid has outside (@u)", read_user_key },
	{ "write to /proc/sys", write_sysctl },
	{ "write to /proc/sysrq-trigger", write_sysrq },
	{ "write to /sys", write_sys },
	{ "read the kernel's log", read_log },
	{ "set the hostname", rename_host },
	{ "push a character into the terminal (TIOCSTI)", push_character },
	{ "make PID 1 the terminal's foreground (tcsetpgrp)",
	  put_init_into_foreground },
	{ "io_uring, as one call of many", use_io_uring },
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

static int leave_key(const char *name, int keyring)
{
	long key = syscall(SYS_add_key, "user", name, key_payload,
			   sizeof(key_payload), keyring);

	if (key < 0)
		return -1;
	return syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, KEY_SECONDS) ? -1
									 : 0;
}

/* Its possessor alone may give it an end: in a session of its own. */
static int leave_key_of_root(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
		    KEY_SPEC_SESSION_KEYRING) < 0)
		return -1;
	return leave_key(user_key, KEY_SPEC_USER_KEYRING);
}

static int leave_key_of_app(void)
{
	return setuid(APP_UID) ? -1 : leave_key_of_root();
}

/* A kernel without keys has none to leave. */
static int leave_keys(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		return errno == ENOSYS ? 0 : -1;
	return leave_key(session_key, KEY_SPEC_SESSION_KEYRING) ||
	       in_child(leave_key_of_root) || in_child(leave_key_of_app);
}

/* From the session of the tests, whose terminal it was. */
static int take_terminal(void)
{
	return setsid() < 0 || ioctl(0, TIOCSCTTY, 1) ? -1 : 0;
}

static int start_from_outside(char **command)
{
	if (leave_keys())
		perror("hostile: a key of the outside");
	else if (take_terminal())
		perror("hostile: terminal");
	else if (execvp(command[0], command))
		perror(command[0]);
	return 127;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "without-kill") &&
	    !prctl(PR_CAPBSET_DROP, CAP_KILL, 0, 0, 0)) {
		execvp(argv[2], argv + 2);
		return 127;
	}
	if (argc > 2 && !strcmp(argv[1], "outside"))
		return start_from_outside(argv + 2);
	if (argc > 1 && !strcmp(argv[1], "root"))
		return geteuid() ? EPERM : 0;
	if (argc > 1)
		return has_capability() ? 0 : EPERM;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		printf("%s: %s\n", attempts[i].name,
		       in_child(attempts[i].run) ? strerror(errno) : "done");
	return 0;
}
