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

	if (!signal)
		return 0;
	if (prctl(PR_SET_PDEATHSIG, signal < 0 ? 0 : signal, 0, 0, 0))
		return error_errno(error, "parent-death", NULL, NULL);
	if (signal > 0 && getppid() != start->parent)
		kill(getpid(), signal);
	return 0;
}
