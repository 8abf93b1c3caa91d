/*
 * foreground GROUP: makes GROUP the foreground of the terminal on stdin, says
 * "done" and waits for the end of its input or a signal.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	signal(SIGTTOU, SIG_IGN);
	if (argc != 2 || tcsetpgrp(0, atoi(argv[1]))) {
		perror("foreground");
		return 1;
	}
	dprintf(1, "done\n");
	pause();
	return 0;
}
