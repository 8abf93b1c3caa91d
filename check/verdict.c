/* How good it is what a row of --check shows. */
#include "check/verdict.h"

const char *verdict_word(enum verdict verdict)
{
	static const char *const words[] = {
		[VERDICT_UNKNOWN] = "unknown", [VERDICT_NONE] = "-",
		[VERDICT_GOOD] = "good",       [VERDICT_WEAK] = "weak",
		[VERDICT_BAD] = "bad",
	};

	return words[verdict];
}
