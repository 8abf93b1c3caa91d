/* How good it is what a row of --check shows. */
#ifndef RIND_CHECK_VERDICT_H
#define RIND_CHECK_VERDICT_H

enum verdict {
	VERDICT_UNKNOWN, /* in part, where there are values all the same */
	VERDICT_NONE,    /* neither good nor bad */
	VERDICT_GOOD,
	VERDICT_WEAK, /* more than most programs need */
	VERDICT_BAD,  /* a way out of the container, or one to root */
};

/* Its word in the table and in JSON: "good". */
const char *verdict_word(enum verdict verdict);

#endif
