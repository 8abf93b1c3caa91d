/*
 * interrupt N [--pid1] COMMAND...: sends SIGTERM to COMMAND as it enters its
 * Nth system call, counted from its first instruction, lets go of it, and hands
 * its exit code back; 99 where it died of a signal. With --pid1 COMMAND is the
 * init of a PID namespace.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(char **command)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	execv(command[0], command); /* stops behind it with SIGTRAP */
	_exit(98);
}

int main(int argc, char **argv)
{
	int pid1 = argc > 2 && !strcmp(argv[2], "--pid1");
	int calls = argc > 1 ? atoi(argv[1]) : 0;
	unsigned long flags = SIGCHLD;
	int status;
	pid_t pid;

	if (argc < 3 + pid1 || calls < 1)
		return 97;
	if (pid1)
		flags |= CLONE_NEWPID;
	pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
	if (pid < 0)
		return 96;
	if (!pid)
		run(argv + 2 + pid1);
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	/* A stop at the entry of each, and one at its end. */
	for (int stops = 2 * calls - 1; stops > 0; stops--) {
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
		waitpid(pid, &status, 0);
		if (!WIFSTOPPED(status))
			return 95;
	}
	kill(pid, SIGTERM);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
