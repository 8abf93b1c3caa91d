/*
 * The rind that stays outside of a new PID or user namespace: the same
 * supervisor, with the rind inside as its app. It has no part in what the
 * command line asks of the container, so its plan is the default one.
 */
#include "supervise/outer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/log.h"
#include "setup/setup.h"
#include "supervise/confine.h"
#include "supervise/jobs.h"
#include "supervise/own_state.h"
#include "supervise/reap.h"
#include "supervise/supervisor.h"
#include "sys/capset.h"
#include "sys/parent_death.h"
#include "sys/pidfd.h"
#include "sys/standard_streams.h"
#include "sys/terminal.h"

/* The plan of the rind outside: who dies when, and how much is logged. */
static const struct plan *outer_plan(const struct plan *plan)
{
	/* The supervisor reads it when the arena is gone. */
	static struct plan outer;

	outer.verbose = plan->verbose;
	outer.supervision.leftovers = LEFTOVERS_TERMINATE;
	outer.supervision.parent_death = plan->supervision.parent_death;
	plan_forward_all(&outer);
	return &outer;
}

/*
 * Out of the group of the one outside, which hands its signals on. Without a
 * terminal out of its session, too, so that the app cannot open one that is
 * the caller's; the app never leads the new session, in which this one does.
 */
static int leave_outer_group(const struct plan *plan,
			     struct inherited *inherited, struct error *error)
{
	int terminal = inherited->terminal;

	if (terminal >= 0 || !plan->process.leave_terminal)
		return terminal_start_group(
			inherited->foreground ? terminal : -1, error);
	inherited->hidden_terminal = false;
	return terminal_leave(error);
}

/*
 * Inside: waits until the maps stand, becomes root in there, and binds its life
 * to that of the one outside. A change of ids clears both that and dumpable,
 * without which /proc/self would belong to a root that this one is not.
 */
static int settle_inner(int go, struct plan *plan, struct inherited *inherited,
			struct error *error)
{
	struct pollfd outside = { .fd = go };
	char byte;
	ssize_t length;

	/* The one outside waits for that before it hands signals on. */
	if (leave_outer_group(plan, inherited, error))
		return -1;
	length = write(go, "", 1) == 1 ? read(go, &byte, 1) : -1;
	if (length < 0)
		return error_errno(error, "start", "socket", NULL);
	if (!length)
		_exit(EXIT_RIND); /* the one outside says why */
	if (setup_enter_user_namespace(plan, inherited, error) ||
	    inherited_read_capabilities(inherited, error))
		return -1;
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	plan->supervision.parent_death = SIGKILL;
	inherited->parent = getppid();
	if (parent_death_arm("parent-death", SIGKILL, inherited->parent, error))
		return -1;
	/* It keeps the other end as long as it lives. */
	if (poll(&outside, 1, 0) == 1 && outside.revents & POLLHUP)
		_exit(EXIT_RIND);
	if (getpid() == 1 && inherited->terminal >= 0)
		inherited->outer = go;
	inherited->outer_life = go;
	return 0;
}

/*
 * Outside: CAP_KILL is all that it may need, for a root of another uid. A user
 * namespace's owner may signal in there without.
 */
static int settle_outer(struct supervisor *s, const int go[2],
			struct error *error)
{
	struct confinement confinement = confinement_to(s->inherited,
							capset_bit(CAP_KILL));
	struct app self = { .plan = s->plan,
			    .inherited = s->inherited,
			    .has_setpcap = (s->inherited->effective &
					    capset_bit(CAP_SETPCAP)) };
	const int kept[] = { STDERR_FILENO, s->signal_fd, s->pidfd,
			     go[1],         s->terminal,  s->own_stderr };

	reap_choose(s);
	return confine(&self, &confinement, kept, ARRAY_LENGTH(kept), error) ||
	       parent_death_arm("parent-death",
				s->plan->supervision.parent_death,
				s->inherited->parent, error);
}

static int start_inner(struct supervisor *s, const struct plan *plan,
		       const int go[2], struct error *error)
{
	char byte;

	s->watch_fd = s->inner = s->terminal < 0 ? -1 : go[1];
	s->signal_fd = signals_open_fd(-1, SIGNALS_ALL);
	s->watched_signals = SIGNALS_ALL;
	if (s->signal_fd < 0)
		return error_errno(error, "start", "signalfd", NULL);
	if (setup_write_id_maps(plan, s->inherited, s->app, error))
		return -1;
	own_state_settle(s, plan);
	if (settle_outer(s, go, error))
		return -1;
	errno = EPIPE; /* where it has ended */
	if (read(go[1], &byte, 1) != 1 || write(go[1], "", 1) != 1)
		return error_errno(error, "start", "the rind inside", NULL);
	streams_take_stderr(s->own_stderr);
	return 0;
}

/* Of a user namespace EPERM is no question of rights (clone(2)). */
static int cannot_clone(unsigned int flags, struct error *error)
{
	const char *cure = NULL;

	if (errno == ENOSPC)
		cure = "raise /proc/sys/user/max_user_namespaces and "
		       "max_pid_namespaces";
	else if (errno == EPERM && flags & CLONE_NEWUSER)
		cure = "start rind outside of a chroot and of a seccomp "
		       "profile that forbids user namespaces";
	else if (errno == EPERM)
		cure = "add --unshare=user, or start rind with CAP_SYS_ADMIN";
	return error_errno(error, "namespaces", "user or pid", cure);
}

enum side outer_start(struct supervisor *s, struct plan *plan,
		      struct inherited *inherited, struct error *error)
{
	unsigned int flags = plan->namespaces.unshare &
			     (CLONE_NEWUSER | CLONE_NEWPID);
	int go[2];

	supervisor_begin(s, outer_plan(plan), inherited, inherited->terminal);
	/* newuidmap(1) has to be waited for, whatever was inherited. */
	if (reap_by_waiting(s, error))
		return SIDE_FAILED;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go))
		return error_errno(error, "start", "socket", NULL);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		return error_errno(error, "start", "subreaper", NULL);
	s->app = pidfd_fork((int)flags, &s->pidfd);
	if (s->app < 0)
		return cannot_clone(flags, error);
	if (!s->app) {
		close(go[1]);
		if (!settle_inner(go[0], plan, inherited, error))
			return SIDE_INSIDE;
		log_line(error->line, LOG_LAST);
		_exit(error->status);
	}
	close(go[0]);
	if (!start_inner(s, plan, go, error))
		return SIDE_OUTSIDE;
	reap_kill_app(s);
	jobs_take_terminal(s);
	if (s->exit_code == EXIT_RIND)
		_exit(EXIT_RIND); /* the one inside has said why */
	return SIDE_FAILED;
}
