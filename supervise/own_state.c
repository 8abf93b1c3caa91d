/* What PID 1 was started with and the app could turn against it. */
#include "supervise/own_state.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/error.h"
#include "lib/log.h"
#include "sys/interval_timers.h"
#include "sys/standard_streams.h"
#include "sys/start_text.h"

/*
 * At both limits of RLIMIT_CPU, and of RLIMIT_RTTIME, the kernel ends a
 * process; an app of the same ids can lower them, and any app can make rind use
 * up CPU time.
 */
static const struct {
	int resource;
	const char *name;
} deadly_limits[] = {
	{ RLIMIT_CPU, "cpu" },
	{ RLIMIT_RTTIME, "rttime" },
};

static void lift_limit(int resource, const char *name)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;
	struct error error;

	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    !setrlimit(resource, &unlimited))
		return;
	limit.rlim_cur = limit.rlim_max;
	if (!setrlimit(resource, &limit) && limit.rlim_max == RLIM_INFINITY)
		return;
	error_set(&error, "confine", name,
		  "the limit that rind was started with can end rind itself",
		  "start rind with CAP_SYS_RESOURCE, or without the limit");
	log_line(error.line, LOG_NOW);
}

/*
 * With no real-time policy, as beside an app that spins with one the kernel
 * leaves ordinary processes their share (sched_rt_runtime_us), but no other
 * real-time process of that priority. musl has no sched_setscheduler(2).
 */
static void take_ordinary_turns(void)
{
	const struct sched_param none = { .sched_priority = 0 };
	long policy = syscall(SYS_sched_getscheduler, 0);

	if (policy > 0)
		syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
	if (getpriority(PRIO_PROCESS, 0))
		(void)setpriority(PRIO_PROCESS, 0, 0);
}

static void hide_start_text(const struct plan *plan)
{
	start_text_erase_environment();
	for (size_t i = 0; i < plan->environment.typed.length; i++)
		start_text_hide_value(plan->environment.typed.items[i]);
}

void own_state_settle(struct supervisor *s, const struct plan *plan)
{
	/* The terminal's job control goes on where stderr is given up. */
	if (s->terminal == STDERR_FILENO)
		s->terminal = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC,
				    STDERR_FILENO + 1);
	for (size_t i = 0; i < ARRAY_LENGTH(deadly_limits); i++)
		lift_limit(deadly_limits[i].resource, deadly_limits[i].name);
	take_ordinary_turns();
	/* Their signals would be forwarded, and nobody has sent them. */
	interval_timers_stop();
	s->own_stderr = streams_open_own_stderr();
	if (plan->supervision.out_of_reach)
		hide_start_text(plan);
}
