/*
 * answer [CODE]: says "ready" and writes a byte for each SIGUSR1 that comes,
 * one at a time. The app of a round trip. SIGTERM ends it, with CODE if there
 * is one.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (argc > 1)
		sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	(void)!write(STDOUT_FILENO, "ready\n", 6);
	while (sigwaitinfo(&set, NULL) == SIGUSR1)
		if (write(STDOUT_FILENO, ".", 1) != 1)
			return 1;
	return argc > 1 ? atoi(argv[1]) : 1;
}
