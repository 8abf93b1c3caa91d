/* What went wrong, carried up as a value and said once. */
#ifndef RIND_LIB_ERROR_H
#define RIND_LIB_ERROR_H

/* The exit codes of docker-run(1), which env(1) and chroot(1) share. */
enum {
	EXIT_RIND = 125,        /* rind itself could not do what was asked */
	EXIT_CANNOT_RUN = 126,  /* the command is there and cannot be run */
	EXIT_NOT_FOUND = 127,   /* there is no such command */
	EXIT_SIGNAL_BASE = 128, /* 128 + N: signal N ended it */
};

/*
 * Crosses the pipe from the app's process to PID 1 in one write, so the whole
 * struct stays below PIPE_BUF (4096, pipe(7)).
 */
struct error {
	int status;
	int number;      /* the errno that it is about, or 0 */
	char line[1024]; /* "STEP: OBJECT: REASON (CURE)", no newline */
};

/*
 * Both fill *ERROR with status EXIT_RIND and return -1, so that a step can end
 * in "return error_set(...)". OBJECT is shown escaped; it and CURE may be NULL.
 * The reason of error_errno() is what errno stands for (strerror(3)).
 */
int error_set(struct error *error, const char *step, const char *object,
	      const char *reason, const char *cure);
int error_errno(struct error *error, const char *step, const char *object,
		const char *cure);

#endif
