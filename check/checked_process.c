/* The process that --check looks at. */
#include "check/checked_process.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/number.h"
#include "sys/procfs.h"

/* An image can have a directory /proc with whatever lies in it. */
int process_directory_open(const char *pid)
{
	const char *path = arena_printf("/proc/%s", pid);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (is_procfs(fd))
		return fd;
	close(fd);
	return -1;
}

static void open_own(struct checked_process *process)
{
	process->is_own = true;
	process->proc = process_directory_open("self");
	process->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	status_read_own(process->proc, &process->status);
}

static int refuse_pid(const char *pid, struct error *error)
{
	if (access("/proc/self", F_OK))
		return error_set(error, "check", pid, "there is no /proc",
				 "mount /proc, or leave the PID out");
	return error_set(error, "check", pid,
			 "no such process, or /proc hides it",
			 "give a PID that ps shows, or mount /proc with "
			 "hidepid=0");
}

int checked_process_open(struct checked_process *process, const char *pid,
			 struct error *error)
{
	unsigned long number;

	*process = (struct checked_process){ .proc = -1, .root = -1 };
	if (!pid) {
		open_own(process);
		return 0;
	}
	if (number_read(pid, PID_LIMIT, &number) || !number)
		return error_set(error, "check", pid,
				 "neither json nor a process id",
				 "write --check=json, --check=PID or "
				 "--check=json,PID");
	process->proc = process_directory_open(pid);
	if (process->proc < 0)
		return refuse_pid(pid, error);
	process->root = openat(process->proc, "root",
			       O_PATH | O_DIRECTORY | O_CLOEXEC);
	status_read(process->proc, &process->status);
	return 0;
}
