/*
 * Everyone but rind. As PID 1 that is the namespace, and kill(-1) reaches all
 * of it at once, with no process able to fork away. Otherwise it is rind's own
 * descendants, found through /proc, and nobody else.
 */
#include "supervise/others.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/resident.h"
#include "lib/text.h"
#include "supervise/reap.h"
#include "supervise/supervisor.h"
#include "sys/pidfd.h"
#include "sys/procfs.h"

enum {
	NUMBERS_PER_CHECK = 1024,
};

/*
 * The parent's pid, or 0, from /proc/PID/stat: "PID (COMM) STATE PPID ...",
 * where COMM may hold blanks and parentheses (proc_pid_stat(5)).
 */
static pid_t parent_of(pid_t pid)
{
	char path[32];
	char stat[512];
	struct text text = text_in(path, sizeof(path));
	const char *end;
	ssize_t length;
	int fd;

	text_addf(&text, "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[length < 0 ? 0 : length] = '\0';
	end = strrchr(stat, ')');
	if (!end || strlen(end) < strlen(") S "))
		return 0;
	return (pid_t)strtol(end + strlen(") S "), NULL, 10);
}

static bool is_descendant(pid_t pid, pid_t ancestor)
{
	/* A chain that changes while it is climbed must not hold us. */
	for (int steps = 0; pid > 1 && steps < PID_LIMIT; steps++) {
		pid = parent_of(pid);
		if (pid == ancestor)
			return true;
	}
	return false;
}

struct sweep {
	int signal;
	bool found;
	pid_t app; /* 0 once it has been met */
};

/*
 * The pidfd is taken before the look at its parents: if the pid is recycled in
 * between, the signal goes to the dead process and to no other.
 */
static void signal_listed(void *context, int pid, int directory)
{
	struct sweep *sweep = context;
	int pidfd = pidfd_of(pid);
	int number = errno;

	(void)directory;
	if (is_descendant(pid, getpid())) {
		sweep->found = true;
		if (pid == sweep->app)
			sweep->app = 0;
		if (pidfd >= 0)
			pidfd_signal(pidfd, sweep->signal, NULL, PIDFD_PROCESS);
		else if (number == ENOSYS || number == EPERM)
			kill(pid, sweep->signal);
	}
	if (pidfd >= 0)
		close(pidfd);
}

/* Whether /proc is there and is that of rind's own PID namespace. */
static bool proc_is_ours(void)
{
	int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool ours = proc >= 0 && procfs_shows_self(proc);

	if (proc >= 0)
		close(proc);
	return ours;
}

/*
 * Without /proc only children can be found (the app first of all), by asking
 * for each number whether it is one (ECHILD). As they end, theirs become ours.
 * All numbers take seconds on a slow machine, so the likely ones come first,
 * and the last child's end is the end of the search.
 */
static void signal_children(struct supervisor *s, int signal)
{
	for (pid_t i = 1; i < PID_LIMIT; i++) {
		pid_t pid = (getpid() + i) % PID_LIMIT;
		siginfo_t info;

		if (i % NUMBERS_PER_CHECK == 0) {
			reap_ended(s);
			if (!reap_has_children())
				return;
		}
		if (!waitid(P_PID, (id_t)pid, &info,
			    WEXITED | WNOHANG | WNOWAIT))
			kill(pid, signal);
	}
}

/*
 * There are children: a /proc that shows none of them hides them (hidepid,
 * proc(5)); it may hide the app alone, which is not dumpable then.
 */
static void signal_descendants(struct supervisor *s, int signal)
{
	struct sweep sweep = { .signal = signal, .app = s->app };

	if (proc_is_ours())
		procfs_visit_numbers("/proc", signal_listed, &sweep);
	if (!sweep.found)
		signal_children(s, signal);
	else if (sweep.app && !s->app_ended)
		pidfd_signal(s->pidfd, signal, NULL, PIDFD_PROCESS);
}

void signal_all_others(struct supervisor *s, int signal)
{
	if (s->is_init)
		kill(-1, signal);
	else if (reap_has_children())
		signal_descendants(s, signal);
}

RESIDENT void unwatch_outsider(struct supervisor *s)
{
	if (s->watch_fd >= 0)
		close(s->watch_fd);
	s->watch_fd = -1;
}

/*
 * Processes that came in from outside (nsenter(1), docker exec) are children of
 * nobody here, so no SIGCHLD tells of their end; the pidfd of one of them does.
 * kill(-1, 0) has just said that there is one, and is asked again in between:
 * the last one may end while it is looked for. Numbers are asked one by one:
 * that needs no /proc and no memory.
 *
 * The pidfd of one that has ended and that its parent does not reap would wake
 * the loop for ever, so it is not watched.
 */
RESIDENT static void watch_outsider(struct supervisor *s)
{
	unwatch_outsider(s);
	for (pid_t pid = 2; pid < PID_LIMIT; pid++) {
		if (pid % NUMBERS_PER_CHECK == 0 && kill(-1, 0) &&
		    errno == ESRCH)
			return;
		if (kill(pid, 0) && errno != EPERM)
			continue;
		s->watch_fd = pidfd_of(pid);
		if (s->watch_fd < 0 && errno == ESRCH)
			continue;
		if (s->watch_fd >= 0 && pidfd_has_ended(s->watch_fd))
			unwatch_outsider(s);
		return;
	}
}

RESIDENT bool others_are_gone(struct supervisor *s)
{
	reap_ended(s);
	if (reap_has_children())
		return false;
	if (!s->is_init || (kill(-1, 0) && errno == ESRCH))
		return true;
	watch_outsider(s);
	return false;
}
