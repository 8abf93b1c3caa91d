/*
 * catch [UNTIL [NAME]]: prints "NAME NUMBER CODE VALUE" for each signal that it
 * gets, and ends with the signal UNTIL (15; 0 never). It goes to the kernel
 * directly, since C libraries keep 32, 33 and 34 for themselves.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const uint64_t all = ~(uint64_t)0;
	int until = argc > 1 ? atoi(argv[1]) : SIGTERM;
	const char *name = argc > 2 ? argv[2] : "app";
	long number = -1;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
	dprintf(1, "%s ready\n", name);
	do {
		siginfo_t info;

		number = syscall(SYS_rt_sigtimedwait, &all, &info, NULL,
				 sizeof(all));
		/* SIGPIPE would come for ever where nobody reads any more. */
		if (number > 0 &&
		    dprintf(1, "%s %ld %d %d\n", name, number, info.si_code,
			    info.si_value.sival_int) < 0)
			return 1;
	} while (number != until);
	return 0;
}
