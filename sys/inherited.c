/* What rind was started with. */
#include "sys/inherited.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "lib/array.h"
#include "sys/capset.h"
#include "sys/entry.h"

/* The signals whose disposition rind changes, or on which it acts itself. */
static const int used_signals[] = { SIGCHLD, SIGTERM, SIGINT,          SIGQUIT,
				    SIGHUP,  SIGPWR,  SIGNAL_RTMIN + 3 };

static int read_ignored(signal_set *ignored)
{
	*ignored = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(used_signals); i++) {
		struct sigaction action;

		if (sigaction(used_signals[i], NULL, &action))
			return -1;
		if (action.sa_handler == SIG_IGN)
			*ignored |= signal_bit(used_signals[i]);
	}
	return 0;
}

int inherited_read(struct inherited *inherited, struct error *error)
{
	*inherited = (struct inherited){
		.by_root = !geteuid(),
		.uid = geteuid(),
		.gid = getegid(),
		.pid = getpid(),
		.parent = getppid(),
		.mask = entry_mask,
		.pending = entry_mask ? signals_pending() & entry_mask : 0,
		.terminal = -1,
		.outer = -1,
		.outer_life = -1,
	};
	if (entry_result || read_ignored(&inherited->ignored))
		return error_set(error, "start", "signals",
				 "cannot be blocked or read", NULL);
	return 0;
}

int inherited_read_capabilities(struct inherited *inherited,
				struct error *error)
{
	if (!capset_known_is_complete() ||
	    capset_read(CAPSET_BOUNDING, &inherited->bounding) ||
	    capset_read_three(&inherited->permitted, &inherited->effective,
			      &inherited->inheritable))
		return error_set(error, "caps", "rind's own",
				 "cannot be read in full", NULL);
	return 0;
}
