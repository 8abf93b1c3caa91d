/* Interval timers and alarm(2), which outlive an exec (getitimer(2)). */
#ifndef RIND_SYS_INTERVAL_TIMERS_H
#define RIND_SYS_INTERVAL_TIMERS_H

/* Stops the three of this process; a child has none of them. */
void interval_timers_stop(void);

#endif
