/*
 * orphans COUNT: waits for a line, makes that many processes whose parent has
 * ended before they do, says so, and waits for the end of its input.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_orphan(void)
{
	pid_t parent = fork();

	if (parent < 0)
		exit(1);
	if (!parent) {
		parent = getpid();
		if (fork())
			_exit(0);
		while (getppid() == parent)
			sched_yield();
		_exit(0);
	}
	waitpid(parent, NULL, 0);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;
	char line[8];

	dprintf(1, "ready\n");
	if (read(0, line, sizeof(line)) < 1)
		return 1;
	while (count--)
		make_orphan();
	dprintf(1, "made\n");
	while (read(0, line, sizeof(line)) > 0)
		;
	return 0;
}
