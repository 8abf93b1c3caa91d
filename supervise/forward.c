/* Signals: each that came to rind goes to the app once, with its value. */
#include "supervise/forward.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/resident.h"
#include "lib/text.h"
#include "supervise/events.h"
#include "supervise/others.h"
#include "supervise/supervisor.h"
#include "sys/pidfd.h"

enum {
	RETRY_FIRST_MS = 1,
	RETRY_MOST_MS = 64
};

/*
 * What goes along. A value that sigqueue(3) gave goes on as it came, with the
 * sender's pid and uid. A real-time signal of kill(2) becomes a queued one: the
 * kernel would drop a plain one in silence when the app's queue is full. All
 * else, and where INFO is NULL, is a plain kill, for which the kernel fills in
 * rind as the sender.
 */
RESIDENT static siginfo_t *payload(const siginfo_t *info, int signal,
				   siginfo_t *copy)
{
	if (!info ||
	    (info->si_code != SI_QUEUE && signal < SIGNAL_FIRST_REALTIME))
		return NULL;
	*copy = (siginfo_t){ .si_signo = signal, .si_code = SI_QUEUE };
	copy->si_pid = info->si_pid;
	copy->si_uid = info->si_uid;
	if (info->si_code == SI_QUEUE)
		copy->si_value = info->si_value;
	return copy;
}

/*
 * To the app by its pidfd. Kernels (before 5.1) or filters that refuse that get
 * it by pid, but only where rind reaps: until it has, the pid is the app's.
 */
RESIDENT static int send_main(const struct supervisor *s, int signal,
			      siginfo_t *info)
{
	if (s->pidfd >= 0 &&
	    !pidfd_signal(s->pidfd, signal, info, PIDFD_PROCESS))
		return 0;
	if (s->pidfd >= 0 &&
	    (s->kernel_reaps || (errno != ENOSYS && errno != EPERM)))
		return -1;
	return info ? (int)syscall(SYS_rt_sigqueueinfo, s->app, signal, info)
		    : kill(s->app, signal);
}

/*
 * Before Linux 6.9 (EINVAL) the group gets a plain signal without its value. An
 * app that has left the group that rind gave it is still the app.
 */
RESIDENT int send_group(const struct supervisor *s, int signal, siginfo_t *info)
{
	int result = -1;

	errno = EINVAL;
	if (s->pidfd >= 0)
		result = pidfd_signal(s->pidfd, signal, info, PIDFD_GROUP);
	if (result && errno != EAGAIN && errno != ESRCH && !s->kernel_reaps)
		result = kill(-s->app, signal);
	return result && errno == ESRCH ? send_main(s, signal, info) : result;
}

static void log_forwarded(const siginfo_t *info, int signal, int number)
{
	char line[200];
	char name[2][12];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "forward: ");
	text_add(&text, signal_name(info->si_signo, name[0], sizeof(name[0])));
	text_add(&text, " as ");
	text_add(&text, signal ? signal_name(signal, name[1], sizeof(name[1]))
			       : "nothing");
	text_add(&text, ": ");
	text_add(&text, number ? strerror(number) : "done");
	log_line(line, LOG_NOW);
}

/* Returns 0 or an errno; EAGAIN where the app's queue is full. */
RESIDENT static int send_on(struct supervisor *s, const siginfo_t *info,
			    int signal)
{
	siginfo_t copy;
	siginfo_t *carried = payload(info, signal, &copy);
	int result = 0;

	/* With the app gone (--wait=all) all that is left is the app. */
	if (s->app_ended || s->plan->supervision.forward_to == FORWARD_ALL)
		signal_all_others(s, signal);
	else if (s->plan->supervision.forward_to == FORWARD_GROUP)
		result = send_group(s, signal, carried);
	else
		result = send_main(s, signal, carried);
	return result ? errno : 0;
}

/*
 * --rewrite is for whom --forward-to names; who is left when the app has ended
 * (--wait=all) gets what was received.
 *
 * An execve(2) that hangs is woken neither by SIGQUIT nor by what a process
 * ignores by default (complete_signal(), Linux 6.18), nor by SIGTERM behind a
 * SIGQUIT; and nobody is there yet who could tell one from the other.
 */
RESIDENT int outgoing_signal(const struct supervisor *s, int received)
{
	const signal_set waking = signal_bit(SIGHUP) | signal_bit(SIGINT) |
				  signal_bit(SIGTERM) | signal_bit(SIGKILL);
	int signal = s->plan->supervision.rewrite[received];

	if (signal && s->starting && !(waking & signal_bit(signal)))
		return SIGTERM;
	if (signal && s->app_ended &&
	    s->plan->supervision.forward_to != FORWARD_ALL)
		return received;
	return signal;
}

RESIDENT void forward(struct supervisor *s, const siginfo_t *info)
{
	int signal = outgoing_signal(s, info->si_signo);
	int number = signal ? send_on(s, info, signal) : 0;

	/* What asks for the end needs no room as a plain one. */
	if (number == EAGAIN && s->stop_signals & signal_bit(info->si_signo))
		number = send_on(s, NULL, signal);
	if (number == EAGAIN && !s->retry_at) {
		s->retry_ms = s->retry_ms ? s->retry_ms * 2 : RETRY_FIRST_MS;
		if (s->retry_ms > RETRY_MOST_MS)
			s->retry_ms = RETRY_MOST_MS;
		s->unsent = *info;
		s->retry_at = monotonic_ms() + s->retry_ms;
		return;
	}
	/* The rind inside is not stopped by them: it hands them on. */
	if (s->inner < 0 && (signal == SIGSTOP || signal == SIGTSTP ||
			     signal == SIGTTIN || signal == SIGTTOU))
		s->stop_was_forwarded = true;
	if (number == ESRCH)
		number = 0; /* it has just ended; the loop will see that */
	if (s->plan->verbose || number)
		log_forwarded(info, signal, number);
}

RESIDENT void forward_unsent(struct supervisor *s)
{
	siginfo_t info = s->unsent;

	s->retry_at = 0;
	forward(s, &info);
	if (!s->retry_at)
		s->retry_ms = 0;
}
