/* The signal to get when the parent dies. */
#include "setup/parent_death.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/packed.h"
#include "setup/rooms.h"

static const char *read_parent_death(struct plan *plan, const char *value)
{
	int signal = signal_from_name(value);

	plan->supervision.parent_death = signal;
	return signal < 0 ? TEXT("not a signal from 1 to 64") : NULL;
}

static const struct option parent_death_options[] = {
	{ .name = "parent-death\0SIG\0" TEXT(
		  "the signal to get when the parent dies"),
	  .read = read_parent_death },
};

const struct facility parent_death_facility = { GROUP_SUPERVISION,
						OPTIONS(parent_death_options) };

int parent_death_arm(const struct plan *plan, const struct inheritance *start,
		     struct error *error)
{
	int signal = plan->supervision.parent_death;
	int stands;

	if (!signal)
		return 0;
	signal = signal < 0 ? 0 : signal;
	if (prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) ||
	    prctl(PR_GET_PDEATHSIG, &stands, 0, 0, 0))
		return error_errno(error, "parent-death", NULL, NULL);
	/* Later than the verify step, so it asks for itself. */
	if (stands != signal)
		return error_set(error, "parent-death", NULL,
				 TEXT("the kernel says otherwise than asked"),
				 NULL);
	if (signal && getppid() != start->parent)
		kill(getpid(), signal);
	return 0;
}
