/* Lines for the user, on stderr, that never hold up who says them. */
#ifndef RIND_SAY_H
#define RIND_SAY_H

enum patience {
	SAY_NOW,  /* drop the line if stderr does not take it at once */
	SAY_LAST, /* wait up to a second: it explains why rind ends */
};

/*
 * Writes "rind: LINE\n" to stderr in one piece. LINE, which may be packed
 * (base/packed.h), is cut at 1 KiB. Nothing is reported back: there is nobody
 * left to tell. SIGPIPE must be blocked; the one that the write may raise is
 * taken back and never reaches the app.
 */
void say(const char *line, enum patience patience);

#endif
