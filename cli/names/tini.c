/* tini(1): signals to the child, no farewell to the rest. */
#include "base/packed.h"
#include "cli/names/tool.h"

const struct tool tini_tool = {
	.names = "tini version \0tini\0tini-static\0docker-init\0",
	.quirks = QUIRK_AS_IT_IS | QUIRK_NO_SUBREAPER | QUIRK_WARN |
		  QUIRK_SHELL | QUIRK_LAST_WINS,
	.swallowed = 0x403104f8, /* faults, CHLD, TTIN, TTOU, SYS */
	.exits = { 1, 126, 127 },
	/* clang-format off */
	.options =
		OPTION("s", "", "-b  " TEXT("become a subreaper"))
		OPTION("g", "", "forward-to=group")
		OPTION("p", "", ":parent-death=SIG")
		OPTION("e", "", ":success=CODE")
		OPTION("w", "", "+g  " TEXT("say which zombies are reaped"))
		OPTION("v", "", "verbose")
		OPTION("l", "", "license")
		OPTION("h", "", "h  " TEXT("this text"))
		OPTION(" ", "version", "V  " TEXT("version"))
		VARIABLE("TINI_SUBREAPER", "-b  as -s")
		VARIABLE("TINI_KILL_PROCESS_GROUP", "forward-to=group")
		VARIABLE("TINI_VERBOSITY=0", "-c  " TEXT("no warnings"))
		VARIABLE("TINI_VERBOSITY=2", "verbose")
		VARIABLE("TINI_VERBOSITY=3", "verbose"),
	/* clang-format on */
};
