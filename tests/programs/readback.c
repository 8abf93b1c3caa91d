/*
 * readback: what an app is, as far as rind has a hand in it, read back from the
 * kernel: a line for each thing, the same in every run that asks for the same.
 * Numbers that differ from run to run are shown as what they mean.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

static void show_link(const char *what, const char *path)
{
	char link[4096] = "";

	if (readlink(path, link, sizeof(link) - 1) < 0)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %s\n", what, link);
}

/* The lines of a file that begin with one of the words, or all of them. */
static void show_lines(const char *what, const char *path,
		       const char *const *words)
{
	char line[4096];
	FILE *file = fopen(path, "re");

	if (!file) {
		printf("%s: %s\n", what, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file)) {
		bool wanted = !words;

		for (const char *const *word = words; word && *word; word++)
			wanted = wanted || !strncmp(line, *word, strlen(*word));
		if (wanted)
			printf("%s: %s", what, line);
	}
	fclose(file);
}

static void show_process(const char *what, const char *path)
{
	static const char *const words[] = {
		"Uid:",    "Gid:",        "Groups:",  "Umask:",
		"CapInh:", "CapPrm:",     "CapEff:",  "CapBnd:",
		"CapAmb:", "NoNewPrivs:", "Seccomp",  "SigBlk:",
		"SigIgn:", "SigCgt:",     "Threads:", NULL,
	};

	show_lines(what, path, words);
}

static void show_namespaces(void)
{
	static const char *const kinds[] = { "user", "mnt", "pid",    "net",
					     "ipc",  "uts", "cgroup", "time" };
	char path[64];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		show_link("namespace", path);
	}
}

static void show_descriptors(void)
{
	struct stat status;

	for (int fd = 0; fd < 1024; fd++)
		if (!fstat(fd, &status))
			printf("descriptor %d: type %o owner %u:%u flags %x\n",
			       fd, status.st_mode & S_IFMT, status.st_uid,
			       status.st_gid, fcntl(fd, F_GETFD));
}

static void show_nodes(void)
{
	static const char *const nodes[] = { "null",   "zero",    "full",
					     "random", "urandom", "tty" };
	char path[32];
	struct stat status;

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		snprintf(path, sizeof(path), "/dev/%s", nodes[i]);
		if (!stat(path, &status))
			printf("node %s: mode %o number %llx\n", nodes[i],
			       status.st_mode,
			       (unsigned long long)status.st_rdev);
	}
}

static void show_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request))
		printf("loopback: %s\n", strerror(errno));
	else
		printf("loopback: %s\n",
		       request.ifr_flags & IFF_UP ? "up" : "down");
	if (fd >= 0)
		close(fd);
}

static void show_limits(void)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit limit;

		if (!getrlimit(i, &limit))
			printf("limit %d: %llu %llu\n", i,
			       (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
	}
}

/* The init above: what it holds, and what of it can be reached. */
static void show_parent(void)
{
	static const char *const doors[] = { "mem", "environ", "fd/0", "root",
					     "cwd" };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	show_process("init", path);
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", getppid(),
			 doors[i]);

		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

		printf("init's %s: %s\n", doors[i],
		       fd < 0 ? strerror(errno) : "open");
		if (fd >= 0)
			close(fd);
	}
}

/* The same by system calls alone, for where /proc is not what it should be. */
static void show_identity(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct sets[2] = { 0 };
	gid_t groups[64];
	int count = getgroups(64, groups);

	printf("ids: %u %u %u %u, groups:", getuid(), geteuid(), getgid(),
	       getegid());
	for (int i = 0; i < count; i++)
		printf(" %u", groups[i]);
	syscall(SYS_capget, &header, sets);
	printf("\nsets: %x %x %x, no_new_privs %d, bounding:",
	       sets[0].permitted, sets[0].effective, sets[0].inheritable,
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0))
			printf(" %d", cap);
	printf("\n");
}

/* Where /dev/tty cannot tell, that there is none is not known. */
static void show_session(void)
{
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	printf("session: %s\n",
	       getsid(0) == getpid() ? "the app leads it" : "of another");
	printf("terminal: %s\n", fd < 0 ? strerror(errno) : "of its session");
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	char cwd[4096];
	struct utsname names;
	int death = 0;

	show_descriptors();
	show_identity();
	show_process("app", "/proc/self/status");
	printf("securebits: %x\n", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	prctl(PR_GET_PDEATHSIG, &death);
	printf("parent death: %d, dumpable %d\n", death,
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	printf("nice: %d\n", getpriority(PRIO_PROCESS, 0));
	show_lines("oom", "/proc/self/oom_score_adj", NULL);
	show_limits();
	printf("workdir: %s\n", getcwd(cwd, sizeof(cwd)) ? cwd : "none");
	uname(&names);
	printf("hostname: %s\n", names.nodename);
	printf("group: %s\n", getpgrp() == getpid() ? "own" : "not its own");
	show_session();
	show_namespaces();
	show_lines("uid map", "/proc/self/uid_map", NULL);
	show_lines("gid map", "/proc/self/gid_map", NULL);
	show_lines("setgroups", "/proc/self/setgroups", NULL);
	show_lines("cgroup", "/proc/self/cgroup", NULL);
	show_lines("offset", "/proc/self/timens_offsets", NULL);
	show_lines("mount", "/proc/self/mountinfo", NULL);
	show_nodes();
	show_loopback();
	show_parent();
	for (int i = 1; i < argc; i++)
		printf("argument: %s\n", argv[i]);
	for (char **entry = environ; *entry; entry++)
		printf("environment: %s\n", *entry);
	return 0;
}
