/*
 * flood stay|leave PID FIRST-LAST...: eight processes send PID these signals
 * without end, and ignore them themselves. "flooding" tells that all have been
 * sent once. Then the first process stays until SIGTERM, and ends with 7; or it
 * leaves them alone.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FLOODERS = 8,
	SIGNALS = 65
};

static int sent[SIGNALS];
static int count;

/* The C library refuses to touch 32 to 34; so the kernel is asked. */
static void ignore(int signal)
{
	const struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		unsigned long long mask;
	} action = { SIG_IGN, 0, NULL, 0 };

	syscall(SYS_rt_sigaction, signal, &action, NULL, sizeof(action.mask));
}

static void read_range(const char *text)
{
	char *end;
	long first = strtol(text, &end, 10);
	long last = *end == '-' ? strtol(end + 1, NULL, 10) : first;

	for (; first <= last && count < SIGNALS; first++) {
		sent[count++] = (int)first;
		ignore((int)first);
	}
}

static void flood(pid_t pid, int ready)
{
	for (int round = 0;; round++) {
		for (int i = 0; i < count; i++)
			syscall(SYS_kill, pid, sent[i]);
		if (!round)
			(void)!write(ready, "", 1);
	}
}

int main(int argc, char **argv)
{
	int pipes[2];
	sigset_t term;
	char byte;
	int taken;

	if (argc < 4 || pipe(pipes))
		return 2;
	for (int i = 3; i < argc; i++)
		read_range(argv[i]);
	for (int i = 0; i < FLOODERS; i++)
		if (!fork())
			flood(atoi(argv[2]), pipes[1]);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	for (int i = 0; i < FLOODERS; i++)
		if (read(pipes[0], &byte, 1) != 1)
			return 1;
	dprintf(STDOUT_FILENO, "flooding\n");
	if (!strcmp(argv[1], "leave"))
		return 3;
	sigwait(&term, &taken);
	return 7;
}
