/* The controlling terminal and its foreground process group. */
#include "sys/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/signals.h"

/*
 * Whether the line discipline takes this process for one of the foreground: a
 * read by a background group whose SIGTTIN is blocked fails with EIO, even one
 * of no bytes (n_tty_read, seen on Linux 6.18).
 */
static bool may_read(int fd)
{
	char unused;

	return read(fd, &unused, 0) == 0;
}

/*
 * Where rind's group lies outside of its PID namespace ("unshare --pid
 * --fork"), getpgrp() and tcgetpgrp() both return 0, and say nothing.
 */
static bool is_foreground(int fd, pid_t owner)
{
	return owner == getpgrp() && (owner || may_read(fd));
}

int terminal_find(bool *foreground)
{
	*foreground = false;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		pid_t owner = tcgetpgrp(fd);

		if (owner < 0)
			continue;
		*foreground = is_foreground(fd, owner);
		return fd;
	}
	return -1;
}

int terminal_start_group(int terminal, struct error *error)
{
	if (setpgid(0, 0))
		return error_errno(error, "terminal", "process group", NULL);
	/* What the group got so far rind got too, and forwards. */
	while (signals_take(SIGNALS_ALL, NULL, 0))
		;
	/* SIGTTOU is blocked, so a background group may do this too. */
	if (terminal >= 0 && tcsetpgrp(terminal, getpid()))
		return error_errno(error, "terminal", "foreground", NULL);
	return 0;
}
