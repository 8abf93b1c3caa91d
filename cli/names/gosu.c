/* gosu(1) and su-exec(8): another user, and then the app in rind's place. */
#include "base/packed.h"
#include "cli/names/tool.h"

static const char gosu_options[] =
	/* clang-format off */
	OPTION("v", "version", "V  " TEXT("version"))
	OPTION("h", "help", "h  " TEXT("this text"));
/* clang-format on */

static const char *gosu_finish(struct plan *plan)
{
	plan->supervision.exec = true;
	plan->user = *plan->command++;
	return *plan->command ? NULL : "no command to run";
}

const struct tool gosu_tool = {
	.names = "gosu \0gosu\0",
	.finish = gosu_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_USER_FIRST | QUIRK_PRIMARY_ASIDE,
	.exits = { 1, 1, 1 },
	.options = gosu_options,
};

const struct tool su_exec_tool = {
	.names = "su-exec \0su-exec\0",
	.finish = gosu_finish,
	.quirks = QUIRK_AS_IT_IS | QUIRK_USER_FIRST | QUIRK_SHELL,
	.exits = { 1, 1, 1 },
	.options = gosu_options,
};
