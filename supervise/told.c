/* Who has been sent a signal. */
#include "supervise/told.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/signals.h"
#include "lib/text.h"
#include "sys/procfs.h"

/*
 * Whether PID ignores SIGNAL, by "SigIgn:" of /proc/PID/status
 * (proc_pid_status(5)); a shell without job control has its background jobs
 * ignore SIGINT and SIGQUIT. False where that cannot be read.
 */
static bool ignores(pid_t pid, int signal)
{
	char path[32];
	char status[4096];
	struct text text = text_in(path, sizeof(path));
	const char *line;
	ssize_t length;
	int fd;

	text_addf(&text, "/proc/%d/status", pid);
	fd = procfs_open(path, O_RDONLY);
	if (fd < 0)
		return false;
	length = read(fd, status, sizeof(status) - 1);
	close(fd);
	status[length < 0 ? 0 : length] = '\0';
	line = strstr(status, "\nSigIgn:\t");
	return line && strtoull(line + strlen("\nSigIgn:\t"), NULL, 16) &
			       signal_bit(signal);
}

bool was_told(const struct told *told, pid_t pid)
{
	return told && (!told->group || getpgid(pid) == told->group) &&
	       !ignores(pid, told->signal);
}
