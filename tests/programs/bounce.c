/*
 * bounce PID COUNT: sends SIGUSR1 to PID and waits for a byte on stdin, COUNT
 * times; prints the nanoseconds that each round trip took, one a line.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[2]) : 0;
	long long *took = calloc((size_t)count + 1, sizeof(*took));
	pid_t pid = argc == 3 ? atoi(argv[1]) : 0;
	char byte;

	if (count < 1 || pid < 1 || !took)
		return 2;
	for (int i = 0; i < count; i++) {
		long long start = now_ns();

		if (kill(pid, SIGUSR1) || read(STDIN_FILENO, &byte, 1) != 1)
			return 1;
		took[i] = now_ns() - start;
	}
	for (int i = 0; i < count; i++)
		printf("%lld\n", took[i]);
	return 0;
}
