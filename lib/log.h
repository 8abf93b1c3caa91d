/* Lines for the user, on stderr, that never hold up who writes them. */
#ifndef RIND_LIB_LOG_H
#define RIND_LIB_LOG_H

enum log_patience {
	LOG_NOW,  /* drop the line if stderr does not take it at once */
	LOG_LAST, /* wait up to a second: it explains why rind ends */
};

/*
 * Writes "rind: LINE\n" to stderr in one piece, cut at 1 KiB. Nothing is
 * reported back: there is nobody left to tell. SIGPIPE must be blocked; the one
 * that the write may raise is taken back and never reaches the app.
 */
void log_line(const char *line, enum log_patience patience);

/* Writes LINE, an error's, as the reason why something is left out. */
void log_left_out(const char *line);

#endif
