/*
 * hold child|parent COMMAND...: runs COMMAND and, as it forks for the first
 * time, holds the one or the other; says "held PARENT CHILD" and lets go at a
 * byte on stdin. Hands COMMAND's exit code back.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t run(char **command)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(command[0], command); /* stops behind it with SIGTRAP */
		_exit(98);
	}
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       (void *)(long)(PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL));
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	waitpid(pid, &status, 0);
	return status >> 8 == (SIGTRAP | PTRACE_EVENT_FORK << 8) ? pid : -1;
}

int main(int argc, char **argv)
{
	pid_t pid = argc > 2 ? run(argv + 2) : -1;
	unsigned long child = 0;
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	int parent_stays = argc > 2 && !strcmp(argv[1], "parent");
	int status;
	pid_t held;

	if (pid < 0)
		return 97;
	ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child);
	waitpid((pid_t)child, &status, __WALL);
	held = parent_stays ? pid : (pid_t)child;
	ptrace(PTRACE_DETACH, parent_stays ? (pid_t)child : pid, NULL, NULL);
	dprintf(STDOUT_FILENO, "held %d %d\n", pid, (int)child);
	/* A held child that is killed is its tracer's to reap first. */
	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (poll(&in, 1, 1) == 1 && held) {
			ptrace(PTRACE_DETACH, held, NULL, NULL);
			held = 0;
			in.fd = -1;
		}
		if (held && !parent_stays)
			waitpid((pid_t)child, NULL, WNOHANG | __WALL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
