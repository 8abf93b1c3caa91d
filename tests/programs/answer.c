/*
 * answer: says "ready" and writes a byte for each SIGUSR1 that comes, one at a
 * time. The app of a round trip.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>

int main(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	(void)!write(STDOUT_FILENO, "ready\n", 6);
	while (sigwaitinfo(&set, NULL) == SIGUSR1)
		if (write(STDOUT_FILENO, ".", 1) != 1)
			return 1;
	return 0;
}
