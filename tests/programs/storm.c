/*
 * storm COUNT: as orphans, but a hundred at a time and with their memory in
 * common, so that making them takes little beside PID 1's part.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	BATCH = 100,
	STACK = 4096
};

static _Alignas(16) char stacks[BATCH][STACK];

/* The pipe's end of file tells an orphan that its parent is gone. */
static int orphan(void *line)
{
	char byte;

	close(((int *)line)[1]);
	_exit((int)read(((int *)line)[0], &byte, 1));
}

static void leave_orphans(int count)
{
	int line[2];
	int status = 0;
	pid_t parent;

	if (pipe(line))
		_exit(1);
	parent = fork();
	if (!parent) {
		for (int i = 0; i < count; i++)
			if (clone(orphan, stacks[i] + STACK, CLONE_VM | SIGCHLD,
				  line) < 0)
				_exit(1);
		_exit(0);
	}
	close(line[0]);
	close(line[1]);
	while (waitpid(parent, &status, 0) < 0)
		;
	if (status)
		_exit(1);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	char byte;

	(void)!write(STDOUT_FILENO, "ready\n", 6);
	if (read(STDIN_FILENO, &byte, 1) != 1)
		return 1;
	for (; count > 0; count -= BATCH)
		leave_orphans(count < BATCH ? count : BATCH);
	(void)!write(STDOUT_FILENO, "made\n", 5);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
