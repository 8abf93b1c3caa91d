/*
 * tally SIGNAL END [slowly]: counts the values of SIGNAL, which must come as 0,
 * 1, 2 and so on; at the signal END it says how many did, or which did not.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	sigset_t set;
	siginfo_t info;
	int count = 0;

	if (argc < 3)
		return 2;
	sigemptyset(&set);
	sigaddset(&set, atoi(argv[1]));
	sigaddset(&set, atoi(argv[2]));
	sigprocmask(SIG_BLOCK, &set, NULL);
	dprintf(1, "ready\n");
	while (sigwaitinfo(&set, &info) == atoi(argv[1])) {
		if (info.si_value.sival_int != count) {
			dprintf(1, "%d came in place of %d\n",
				info.si_value.sival_int, count);
			return 1;
		}
		/* Long enough for the sender to fill the queue. */
		if (++count % 1000 == 0 && argc > 3)
			nanosleep(&(struct timespec){ .tv_nsec = 3000000 },
				  NULL);
	}
	dprintf(1, "%d in order\n", count);
	return 0;
}
