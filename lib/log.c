/* Lines for the user, on stderr, that never hold up who says them. */
#include "lib/log.h"

#include <errno.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/signals.h"
#include "lib/text.h"

/* -1 as the position, in two halves: go on from where the file is. */
static long write_with(const struct iovec *part, int flags)
{
	return syscall(SYS_pwritev2, STDERR_FILENO, part, 1, -1L, -1L, flags);
}

/*
 * stderr is often a pipe that the app shares, so O_NONBLOCK (a property of the
 * open file) must not be set on it. RWF_NOWAIT asks for one write alone; pipes
 * know it since Linux 6.4. Before that, or on a terminal, poll(2) has just said
 * that there is room; PID 1 has a description of its own there, which does not
 * block either (streams_open_own_stderr()).
 */
static void write_line(const char *data, size_t length)
{
	struct iovec part = { (void *)data, length };

	if (write_with(&part, RWF_NOWAIT) >= 0 || errno == EAGAIN ||
	    errno == EPIPE)
		return;
	if (write_with(&part, 0) < 0 && errno == ENOSYS)
		(void)!write(STDERR_FILENO, data, length);
}

void log_line(const char *line, enum log_patience patience)
{
	char buffer[1040];
	struct text text = text_in(buffer, sizeof(buffer) - 1);
	struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };

	text_add(&text, "rind: ");
	text_add(&text, line);
	buffer[text.length++] = '\n';
	int ready = poll(&err, 1, patience == LOG_LAST ? 1000 : 0);

	/*
	 * Where the kernel does not tell whether there is room, it may. Nor
	 * where nobody reads (POLLERR): SIGPIPE may not be blocked yet.
	 */
	if (!ready || (ready > 0 && err.revents != POLLOUT))
		return;
	errno = 0;
	write_line(buffer, text.length);
	/*
	 * The kernel raises SIGPIPE against the writing thread (pipe(7)), and
	 * SIGXFSZ at the limit of a file's size (setrlimit(2)).
	 */
	if (errno == EPIPE || errno == EFBIG)
		signals_take(signal_bit(SIGPIPE) | signal_bit(SIGXFSZ), NULL,
			     0);
}

void log_left_out(const char *line)
{
	char buffer[1040];
	struct text text = text_in(buffer, sizeof(buffer));

	text_addf(&text, "left out: %s", line);
	log_line(buffer, LOG_NOW);
}
