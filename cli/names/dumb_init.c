/* dumb-init(1): a session for the app, signals to its whole group. */
#include "base/packed.h"
#include "cli/names/tool.h"

static const char *dumb_init_finish(struct plan *plan)
{
	static const uint8_t stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	uint8_t *rewrite = plan->supervision.rewrite;

	if (plan->quirks & QUIRK_SAME_GROUP) {
		plan->quirks &= ~(unsigned int)QUIRK_SESSION;
		return NULL;
	}
	plan->supervision.forward_to = FORWARD_GROUP;
	/* In an orphaned group the kernel would drop them. */
	for (size_t i = 0; i < sizeof(stops); i++)
		if (rewrite[stops[i]] == stops[i])
			rewrite[stops[i]] = SIGSTOP;
	return NULL;
}

const struct tool dumb_init_tool = {
	.names = "dumb-init v\0dumb-init\0",
	.finish = dumb_init_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_NO_SUBREAPER | QUIRK_SESSION |
		  QUIRK_SUSPEND | QUIRK_SHELL | QUIRK_LAST_WINS,
	.swallowed = 1U << (SIGCHLD - 1),
	.exits = { 2, 2, 2 },
	/* clang-format off */
	.options =
		OPTION("c", "single-child", "+e  " TEXT("signals to the app alone"))
		OPTION("r", "rewrite", ":rewrite=FROM:TO")
		OPTION("v", "verbose", "verbose")
		OPTION("h", "help", "h  " TEXT("this text"))
		OPTION("V", "version", "V  " TEXT("version"))
		VARIABLE("DUMB_INIT_DEBUG=1", "verbose")
		VARIABLE("DUMB_INIT_SETSID=0", "+e  as -c"),
	/* clang-format on */
};
