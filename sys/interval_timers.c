/* Interval timers. */
#include "sys/interval_timers.h"

#include <stddef.h>
#include <sys/time.h>

#include "lib/array.h"

void interval_timers_stop(void)
{
	static const int timers[] = { ITIMER_REAL, ITIMER_VIRTUAL,
				      ITIMER_PROF };
	const struct itimerval stopped = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(timers); i++)
		setitimer(timers[i], &stopped, NULL);
}
