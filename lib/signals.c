/* Signals as the kernel knows them. */
#include "lib/signals.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/number.h"
#include "lib/resident.h"
#include "lib/text.h"

RESIDENT int signals_set_mask(signal_set mask)
{
	return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL,
			    sizeof(mask));
}

RESIDENT signal_set signals_block(signal_set mask)
{
	signal_set before = 0;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, &before, sizeof(mask));
	return before;
}

RESIDENT signal_set signals_pending(void)
{
	signal_set pending = 0;

	syscall(SYS_rt_sigpending, &pending, sizeof(pending));
	return pending;
}

RESIDENT int signals_take(signal_set set, siginfo_t *info, int timeout_ms)
{
	struct timespec timeout = {
		.tv_sec = timeout_ms / 1000,
		.tv_nsec = timeout_ms % 1000 * 1000000L,
	};
	long signal;

	/* EINTR: only a stop and SIGCONT, everything else is blocked. */
	do {
		signal = syscall(SYS_rt_sigtimedwait, &set, info,
				 timeout_ms < 0 ? NULL : &timeout, sizeof(set));
	} while (signal < 0 && errno == EINTR);
	return signal < 0 ? 0 : (int)signal;
}

RESIDENT int signals_open_fd(int fd, signal_set set)
{
	return (int)syscall(SYS_signalfd4, fd, &set, sizeof(set), SFD_CLOEXEC);
}

/* The architecture's own numbers, signal(7). */
static const struct {
	const char *name;
	int number;
} signal_names[] = {
	{ "HUP", SIGHUP },       { "INT", SIGINT },     { "QUIT", SIGQUIT },
	{ "ILL", SIGILL },       { "TRAP", SIGTRAP },   { "ABRT", SIGABRT },
	{ "IOT", SIGABRT },      { "BUS", SIGBUS },     { "FPE", SIGFPE },
	{ "KILL", SIGKILL },     { "USR1", SIGUSR1 },   { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 },     { "PIPE", SIGPIPE },   { "ALRM", SIGALRM },
	{ "TERM", SIGTERM },     { "CHLD", SIGCHLD },   { "CLD", SIGCHLD },
	{ "CONT", SIGCONT },     { "STOP", SIGSTOP },   { "TSTP", SIGTSTP },
	{ "TTIN", SIGTTIN },     { "TTOU", SIGTTOU },   { "URG", SIGURG },
	{ "XCPU", SIGXCPU },     { "XFSZ", SIGXFSZ },   { "VTALRM", SIGVTALRM },
	{ "PROF", SIGPROF },     { "WINCH", SIGWINCH }, { "IO", SIGIO },
	{ "POLL", SIGIO },       { "PWR", SIGPWR },     { "SYS", SIGSYS },
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
};

/* "RTMIN", "RTMIN+3", "RTMAX-1"; -1 where TEXT is none of these. */
static int realtime_from_name(const char *text)
{
	bool from_min = !strncasecmp(text, "RTMIN", 5);
	unsigned long distance = 0;
	char sign = from_min ? '+' : '-';

	if (!from_min && strncasecmp(text, "RTMAX", 5))
		return -1;
	text += 5;
	if (*text &&
	    (*text != sign ||
	     number_read(text + 1, SIGNAL_MAX - SIGNAL_RTMIN, &distance)))
		return -1;
	return from_min ? SIGNAL_RTMIN + (int)distance
			: SIGNAL_MAX - (int)distance;
}

int signal_from_name(const char *name)
{
	unsigned long number;

	if (!number_read(name, SIGNAL_MAX, &number))
		return number ? (int)number : -1;
	if (!strncasecmp(name, "SIG", 3))
		name += 3;
	for (size_t i = 0; i < ARRAY_LENGTH(signal_names); i++)
		if (!strcasecmp(name, signal_names[i].name))
			return signal_names[i].number;
	return realtime_from_name(name);
}

const char *signal_name(int signal, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	for (size_t i = 0; i < ARRAY_LENGTH(signal_names); i++)
		if (signal == signal_names[i].number)
			return signal_names[i].name;
	if (signal >= SIGNAL_RTMIN) {
		text_add(&text, "RTMIN+");
		signal -= SIGNAL_RTMIN;
	}
	text_addf(&text, "%d", signal);
	return buffer;
}
