/*
 * leftovers COUNT: leaves COUNT children that wait for ever, says "ready", and
 * ends by SIGTERM, also as PID 1.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	int signal;
	sigset_t set;

	for (; count > 0; count--) {
		pid_t child = fork();

		if (child < 0)
			return 1;
		if (!child)
			for (;;)
				pause();
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	(void)!write(STDOUT_FILENO, "ready\n", 6);
	return sigwait(&set, &signal);
}
