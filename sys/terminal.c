/* The controlling terminal and its foreground process group. */
#include "sys/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/signals.h"
#include "sys/procfs.h"

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

static bool stat_says_none(void)
{
	const int tty_nr = 7; /* the field of proc_pid_stat(5) */
	long long number;

	return !procfs_stat_number(0, tty_nr, &number) && !number;
}

bool terminal_may_exist(void)
{
	const dev_t tty = makedev(5, 0); /* tty(4) */
	struct stat status;
	int fd;

	/* An image may have a FIFO or another device of that name. */
	if (stat("/dev/tty", &status) || !S_ISCHR(status.st_mode) ||
	    status.st_rdev != tty)
		return !stat_says_none();
	fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno != ENXIO && !stat_says_none();
	close(fd);
	return true;
}

/* What the group got so far rind got too, and forwards. */
static void drop_signals_of_group(void)
{
	while (signals_take(SIGNALS_ALL, NULL, 0))
		;
}

int terminal_leave(struct error *error)
{
	if (setsid() != getpid()) {
		errno = EPERM; /* also where a filter fakes success */
		return error_errno(error, "terminal", "session", NULL);
	}
	drop_signals_of_group();
	return 0;
}

int terminal_start_group(int terminal, struct error *error)
{
	if (setpgid(0, 0))
		return error_errno(error, "terminal", "process group", NULL);
	drop_signals_of_group();
	/* SIGTTOU is blocked, so a background group may do this too. */
	if (terminal >= 0 && tcsetpgrp(terminal, getpid()))
		return error_errno(error, "terminal", "foreground", NULL);
	return 0;
}
