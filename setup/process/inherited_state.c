/*
 * What a process inherits besides its ids and files, and no app should: what
 * weakens it (personality(2): no address randomisation, executable data; pages
 * that are merged with those of others, PR_SET_MEMORY_MERGE), how it dies of a
 * memory error (PR_MCE_KILL), and, in rind's own process, timers and signals
 * that were meant for somebody else. SECURITY.md lists what stays on purpose.
 */
#include <errno.h>
#include <sys/personality.h>
#include <sys/prctl.h>

#include "lib/log.h"
#include "setup/steps.h"
#include "sys/interval_timers.h"
#include "sys/kernel_constants.h"

enum {
	PERSONALITY_MASK = 0xff, /* linux/personality.h: PER_MASK */
};

/* The flags alone: a 32-bit uname(2), asked for by setarch(8), stays. */
static int reset_personality(void)
{
	const unsigned long query = 0xffffffff;
	int persona = personality(query);
	int wanted = persona & PERSONALITY_MASK;

	if (persona == -1 || persona == wanted)
		return 0;
	if (personality((unsigned long)wanted) == -1)
		return -1;
	if (personality(query) == wanted)
		return 0;
	errno = EPERM; /* a filter fakes success */
	return -1;
}

/* EINVAL: kernels before 6.4, or without KSM. */
static int reset_page_merging(void)
{
	if (prctl(PR_GET_MEMORY_MERGE, 0, 0, 0, 0) != 1)
		return 0;
	return prctl(PR_SET_MEMORY_MERGE, 0, 0, 0, 0);
}

/* EINVAL: kernels without CONFIG_MEMORY_FAILURE have no policy. */
static int reset_memory_errors(void)
{
	int policy = prctl(PR_MCE_KILL_GET, 0, 0, 0, 0);

	if (policy < 0 || policy == PR_MCE_KILL_DEFAULT)
		return 0;
	return prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0);
}

/* A filter may refuse these calls; the app is then as it is without rind. */
static int leave_out(const struct app *app, const char *what)
{
	struct error error;

	error_errno(&error, "inherited", what, NULL);
	if (app->plan->verbose)
		log_line(error.line, LOG_NOW);
	return STEP_LEFT_OUT;
}

static int reset(struct app *app, struct error *error)
{
	int result = 0;

	(void)error;
	if (!app->plan->process.reset_inherited)
		return STEP_LEFT_OUT;
	if (reset_personality())
		result = leave_out(app, "personality");
	if (reset_page_merging())
		result = leave_out(app, "page merging");
	if (reset_memory_errors())
		result = leave_out(app, "memory errors");
	if (!app->plan->supervision.exec)
		return result;
	interval_timers_stop();
	/* Blocked, and sent before rind began. */
	while (signals_take(app->inherited->pending, NULL, 0))
		;
	return result;
}

const struct app_step inherited_step = {
	.text = { .name = "inherited",
		  .defaults = { { NULL, "flags of personality(2), merged pages "
					"and the like are reset" } } },
	.run = reset,
};
