/*
 * queue PID SIGNAL FIRST COUNT: sigqueue(3) with the values FIRST, FIRST + 1,
 * and so on. A full queue (EAGAIN) is tried again.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;

	pid_t pid = atoi(argv[1]);
	int signal = atoi(argv[2]);
	int first = atoi(argv[3]);
	int count = atoi(argv[4]);

	for (int i = 0; i < count;) {
		union sigval value = { .sival_int = first + i };

		if (!sigqueue(pid, signal, value)) {
			i++;
		} else if (errno == EAGAIN) {
			sched_yield();
		} else {
			perror("sigqueue");
			return 1;
		}
	}
	return 0;
}
