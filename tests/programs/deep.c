/*
 * deep DEPTH [WORD]...: a chain of processes, each the child of the one before
 * and every second one in a session of its own; the last says "ready". They end
 * by a signal. WORDs are for whoever looks for them in /proc.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int depth = argc > 1 ? atoi(argv[1]) : 1;

	while (--depth > 0 && !fork())
		if (depth % 2)
			setsid();
	if (depth == 0)
		dprintf(1, "ready\n");
	for (;;)
		pause();
}
