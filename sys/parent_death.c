/* The signal to get when the parent dies. */
#include "sys/parent_death.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int parent_death_arm(const char *option, int signal, pid_t parent,
		     struct error *error)
{
	int wanted = signal < 0 ? 0 : signal;
	int armed;

	if (!signal)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, wanted, 0, 0, 0) ||
	    prctl(PR_GET_PDEATHSIG, &armed, 0, 0, 0))
		return error_errno(error, option, NULL, NULL);
	/* The verify step is over by now. */
	if (armed != wanted)
		return error_set(error, option, NULL, "read-back mismatch",
				 NULL);
	/* The parent may have died before the signal was armed. */
	if (wanted && getppid() != parent)
		kill(getpid(), wanted);
	return 0;
}
