/* catatonit(8), and the pause of a Kubernetes pod. */
#include "base/packed.h"
#include "cli/names/tool.h"

const struct tool catatonit_tool = {
	.names = "catatonit\0podman-init\0",
	.version = "tini version ",
	.quirks = QUIRK_AS_IT_IS | QUIRK_SHELL | QUIRK_LAST_WINS,
	.swallowed = 0x403904f8, /* tini's and TSTP */
	.exits = { 1, 1, 1 },
	/* clang-format off */
	.options =
		OPTION("g", "", "forward-to=group")
		OPTION("P", "", "+h" TEXT(" no program: hold the namespaces"))
		OPTION("L", "", "license")
		OPTION("h", "", "help")
		OPTION("V", "version", "version"),
	/* clang-format on */
};

const struct tool pause_tool = {
	.names = "pause\0",
	.version = "pause ",
	.quirks = QUIRK_AS_IT_IS | QUIRK_PAUSE,
	.exits = { 1, 1, 1 },
	/* clang-format off */
	.options =
		OPTION("v", "version", "version")
		OPTION("h", "help", "help"),
	/* clang-format on */
};
