/* What rind was started with. */
#include "sys/inherited.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "sys/capset.h"
#include "sys/entry.h"

int inherited_read(struct inherited *inherited, struct error *error)
{
	/* Those that rind changes, or acts on by itself. */
	static const int used[] = { SIGCHLD, SIGTERM, SIGINT,          SIGQUIT,
				    SIGHUP,  SIGPWR,  SIGNAL_RTMIN + 3 };
	*inherited = (struct inherited){
		.by_root = !geteuid(),
		.uid = geteuid(),
		.gid = getegid(),
		.pid = getpid(),
		.parent = getppid(),
		.mask = entry_mask,
		.terminal = -1,
		.outer = -1,
	};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
		struct sigaction action;

		if (entry_result || sigaction(used[i], NULL, &action))
			return error_set(error, "start", "signals",
					 "the kernel refuses them", NULL);
		if (action.sa_handler == SIG_IGN)
			inherited->ignored |= signal_bit(used[i]);
	}
	return 0;
}

int inherited_read_capabilities(struct inherited *inherited,
				struct error *error)
{
	if (!capset_known_is_all() || capset_bounding(&inherited->bounding) ||
	    capset_read(&inherited->permitted, &inherited->effective,
			&inherited->inheritable))
		return error_set(error, "caps", "own",
				 "the kernel does not tell them", NULL);
	return 0;
}
