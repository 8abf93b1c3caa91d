/* catatonit(8), and the pause of a Kubernetes pod. */
#include "cli/names/tool.h"

const struct tool catatonit_tool = {
	.names = "catatonit\0podman-init\0",
	.version = "tini version ",
	.quirks = QUIRK_AS_IT_IS | QUIRK_SHELL | QUIRK_LAST_WINS,
	.swallowed = 0x403904f8, /* tini's and TSTP */
	.exits = { 1, 1, 1 },
	.options = OPTION("g", "", "forward-to=group")
		OPTION("P", "", "+h no program: hold the namespaces")
			OPTION("L", "", "license") OPTION("h", "", "help")
				OPTION("V", "version", "version"),
};

const struct tool pause_tool = {
	.names = "pause\0",
	.version = "pause ",
	.quirks = QUIRK_AS_IT_IS | QUIRK_PAUSE,
	.exits = { 1, 1, 1 },
	.options = OPTION("v", "version", "version")
		OPTION("h", "help", "help"),
};
