/*
 * The app's process group, and the terminal's foreground for it
 * (credentials(7), tty_ioctl(4)). A group of its own lets Ctrl-C reach the app
 * and not rind, so that each such signal arrives once.
 */
#include "sys/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/signals.h"

/*
 * Where rind's group lies outside its PID namespace ("unshare --pid --fork"),
 * both numbers read 0 and tell nothing. The line discipline does: a read by a
 * background group whose SIGTTIN is blocked fails with EIO, even one of no
 * bytes, and a foreground one returns 0 (n_tty_read, seen on Linux 6.18).
 */
static int may_read(int fd)
{
	return read(fd, &(char){ 0 }, 0) == 0;
}

int terminal_find(bool *foreground)
{
	pid_t own = getpgrp();

	*foreground = false;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		pid_t owner = tcgetpgrp(fd);

		if (owner < 0)
			continue;
		*foreground = owner == own && (own || may_read(fd));
		return fd;
	}
	return -1;
}

int terminal_take(int terminal, struct error *error)
{
	if (setpgid(0, 0))
		return error_errno(error, "terminal", "process group", NULL);
	/* What came to the group so far came to rind, which hands it on. */
	while (signals_take(SIGNALS_ALL, NULL, 0))
		;
	/* SIGTTOU is blocked, so a background group may do this too. */
	if (terminal >= 0 && tcsetpgrp(terminal, getpid()))
		return error_errno(error, "terminal", "foreground", NULL);
	return 0;
}
