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
#include "supervise/told.h"
#include "sys/pidfd.h"
#include "sys/procfs.h"

enum {
	NUMBERS_PER_CHECK = 1024,
	LIST_SIZE = 4096,
};

/* The parent's pid, or 0. */
static pid_t parent_of(pid_t pid)
{
	long long parent;

	return procfs_stat_number(pid, 4, &parent) ? 0 : (pid_t)parent;
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
	const struct told *told; /* they are spared; or NULL */
	bool found;
	bool everyone; /* else rind's descendants */
	pid_t app;     /* 0 once it has been met */
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
	bool told;

	(void)directory;
	if (sweep->everyone ? pid != getpid() : is_descendant(pid, getpid())) {
		sweep->found = true;
		if (pid == sweep->app)
			sweep->app = 0;
		told = was_told(sweep->told, pid);
		if (!told && pidfd >= 0)
			pidfd_signal(pidfd, sweep->signal, NULL, PIDFD_PROCESS);
		else if (!told && (number == ENOSYS || number == EPERM))
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

/* Those of LIST, "PID PID ", that are not in BUT. */
static void signal_children_of(const char *list, const char *but, int signal,
			       const struct told *told)
{
	char *end;

	for (; *list; list = end) {
		char word[16];
		struct text text = text_in(word, sizeof(word));
		pid_t pid = (pid_t)strtol(list, &end, 10);

		if (end == list)
			return;
		text_addf(&text, " %d ", pid);
		if (!strstr(but, word) && !was_told(told, pid))
			kill(pid, signal);
	}
}

/*
 * The kernel's own list of rind's children, which hidepid does not shorten.
 * One may be missing if another ends just then (proc_tid_children(5)), so the
 * list is read again. Returns -1 where there is no such list.
 */
static int signal_listed_children(int signal, const struct told *told)
{
	char first[LIST_SIZE] = " ";
	char second[LIST_SIZE];

	if (procfs_read_children(first + 1, sizeof(first) - 1))
		return -1;
	signal_children_of(first, "", signal, told);
	if (procfs_read_children(second, sizeof(second)))
		return -1;
	signal_children_of(second, first, signal, told);
	return 0;
}

/*
 * Without any list each number is asked whether it is a child (ECHILD). All
 * numbers take seconds on a slow machine, so the likely ones come first, and
 * the last child's end is the end of the search.
 */
static void signal_numbered_children(struct supervisor *s, int signal,
				     const struct told *told)
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
			    WEXITED | WNOHANG | WNOWAIT) &&
		    !was_told(told, pid))
			kill(pid, signal);
	}
}

/*
 * There are children: a /proc that shows none of them hides them (hidepid,
 * proc(5)); it may hide the app alone, which is not dumpable then.
 */
static void signal_descendants(struct supervisor *s, int signal,
			       const struct told *told)
{
	struct sweep sweep = { .signal = signal, .told = told, .app = s->app };
	bool ours = proc_is_ours();

	if (ours)
		procfs_visit_numbers("/proc", signal_listed, &sweep);
	/* Only children can be found; as they end, theirs become rind's. */
	if (!sweep.found && (!ours || signal_listed_children(signal, told)))
		signal_numbered_children(s, signal, told);
	else if (sweep.found && sweep.app && !s->app_ended)
		pidfd_signal(s->pidfd, signal, NULL, PIDFD_PROCESS);
}

void signal_all_others(struct supervisor *s, int signal)
{
	if (s->is_init)
		kill(-1, signal);
	else if (reap_has_children())
		signal_descendants(s, signal, NULL);
}

/*
 * Where /proc may hide processes each number is asked. The likely ones come
 * first, and the last process' end is the end of the search: it must not keep
 * rind from the next signal.
 */
static void signal_by_number(int signal, const struct told *told)
{
	for (pid_t pid = 2; pid < PID_LIMIT; pid++) {
		if (pid % NUMBERS_PER_CHECK == 0 && kill(-1, 0) &&
		    errno == ESRCH)
			return;
		if (getpgid(pid) >= 0 && !was_told(told, pid))
			kill(pid, signal);
	}
}

/*
 * kill(-1) spares nobody but the caller, so PID 1 looks at them one by one. In
 * the order of their numbers who is forked meanwhile has its turn, too, unless
 * the numbers begin anew just then.
 */
static void signal_untold(int signal, const struct told *told)
{
	struct sweep sweep = { .signal = signal,
			       .told = told,
			       .everyone = true };

	if (told->group && kill(-told->group, 0) && errno == ESRCH)
		kill(-1, signal);
	else if (!proc_is_ours() || procfs_hides_processes() ||
		 procfs_visit_numbers("/proc", signal_listed, &sweep))
		signal_by_number(signal, told);
}

void signal_untold_others(struct supervisor *s, int signal,
			  const struct told *told)
{
	if (s->is_init)
		signal_untold(signal, told);
	else if (reap_has_children())
		signal_descendants(s, signal, told);
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
