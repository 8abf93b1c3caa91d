/* gosu(1) and su-exec(8): another user, and then the app in rind's place. */
#include "cli/names/tool.h"

static const char *gosu_finish(struct plan *plan)
{
	plan->supervision.exec = true;
	plan->user = *plan->command++;
	return *plan->command ? NULL : "no command to run";
}

const struct tool gosu_tool = {
	.names = "gosu\0",
	.version = "gosu ",
	.finish = gosu_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_USER_FIRST | QUIRK_PRIMARY_ASIDE,
	.exits = { 1, 1, 1 },
	/* clang-format off */
	.options =
		OPTION("v", "version", "version")
		OPTION("h", "help", "help"),
	/* clang-format on */
};

const struct tool su_exec_tool = {
	.names = "su-exec\0",
	.version = "su-exec ",
	.finish = gosu_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_USER_FIRST | QUIRK_SHELL,
	.exits = { 1, 1, 1 },
	.options = "",
};
