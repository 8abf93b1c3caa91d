/* catatonit(8), and the pause of a Kubernetes pod. */
#include "base/packed.h"
#include "cli/names/tool.h"

const struct tool catatonit_tool = {
	.names = "tini version \0catatonit\0podman-init\0",
	.quirks = QUIRK_AS_IT_IS | QUIRK_SHELL | QUIRK_LAST_WINS,
	.swallowed = 0x403904f8, /* tini's and TSTP */
	.exits = { 1, 1, 1 },
	/* clang-format off */
	.options =
		OPTION("g", "", "forward-to=group")
		OPTION("P", "", "+h  " TEXT("no program: hold the namespaces"))
		OPTION("L", "", "license")
		OPTION("h", "", "h  " TEXT("this text"))
		OPTION("V", "version", "V  " TEXT("version")),
	/* clang-format on */
};

const struct tool pause_tool = {
	.names = "pause \0pause\0",
	.quirks = QUIRK_AS_IT_IS | QUIRK_PAUSE,
	.exits = { 1, 1, 1 },
	/* clang-format off */
	.options =
		OPTION("v", "version", "V  " TEXT("version"))
		OPTION("h", "help", "h  " TEXT("this text")),
	/* clang-format on */
};
