/*
 * orphans COUNT: says "ready", waits for a byte on stdin, leaves COUNT orphans
 * to PID 1, each of which ends at once, says "made" and waits for the end of
 * stdin.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The pipe's end of file tells the grandchild that its parent is gone. */
static void leave_orphan(void)
{
	int line[2];
	pid_t parent;

	if (pipe(line))
		_exit(1);
	parent = fork();
	if (!parent) {
		if (!fork()) {
			char byte;

			close(line[1]);
			_exit((int)read(line[0], &byte, 1));
		}
		_exit(0);
	}
	close(line[0]);
	close(line[1]);
	while (waitpid(parent, NULL, 0) < 0)
		;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	char byte;

	(void)!write(STDOUT_FILENO, "ready\n", 6);
	if (read(STDIN_FILENO, &byte, 1) != 1)
		return 1;
	while (count-- > 0)
		leave_orphan();
	(void)!write(STDOUT_FILENO, "made\n", 5);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
