/*
 * freeze: stops the output of its terminal at the first SIGUSR1, as Ctrl-S does
 * (termios(3), tcflow()), and goes on until SIGTERM.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	puts("ready");
	fflush(stdout);
	while (!sigwait(&set, &number))
		if (number == SIGTERM)
			return 7;
		else if (tcflow(STDIN_FILENO, TCOOFF))
			return 8;
	return 9;
}
