/* What a process has open. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/judges.h"
#include "lib/arena.h"
#include "sys/fds.h"
#include "sys/procfs.h"

struct descriptor_row {
	const struct checked_process *process;
	struct values *values;
	enum verdict verdict;
};

/* A directory is a way out of the root. */
static void add_descriptor(struct descriptor_row *row, int fd,
			   const char *target, bool is_directory)
{
	value_add(row->values, arena_printf("%d ", fd), target);
	if (fd <= STDERR_FILENO || row->verdict == VERDICT_BAD)
		return;
	row->verdict = is_directory ? VERDICT_BAD : VERDICT_WEAK;
}

/* An entry of /proc/PID/fd, which is open as DIRECTORY. */
static void visit_entry(void *context, int fd, int directory)
{
	struct descriptor_row *row = context;
	const struct checked_process *process = row->process;
	const char *name = arena_printf("%d", fd);
	char target[PATH_MAX];
	struct stat status;
	ssize_t length;
	bool is_directory;

	/* Those that this look itself needs are not shown. */
	if (process->is_own &&
	    (fd == process->proc || fd == process->root || fd == directory))
		return;
	length = readlinkat(directory, name, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	is_directory = !fstatat(directory, name, &status, 0) &&
		       S_ISDIR(status.st_mode);
	add_descriptor(row, fd, length < 0 ? "unknown" : target, is_directory);
}

/*
 * Without /proc every number is tried, also beyond the limit: what was open
 * before it was lowered stays open.
 */
static void try_numbers(struct descriptor_row *row)
{
	for (int fd = 0; fd < FDS_MAX; fd++) {
		struct stat status;

		if (fd == row->process->root || fcntl(fd, F_GETFD) < 0)
			continue;
		add_descriptor(row, fd, "unknown",
			       !fstat(fd, &status) && S_ISDIR(status.st_mode));
	}
}

enum verdict judge_descriptors(const struct checked_process *process,
			       struct values *values)
{
	struct descriptor_row row = { process, values, VERDICT_GOOD };
	const char *path;

	if (process->proc < 0) {
		try_numbers(&row);
		return row.verdict;
	}
	path = arena_printf("/proc/self/fd/%d/fd", process->proc);
	if (procfs_visit_numbers(path, visit_entry, &row))
		return VERDICT_UNKNOWN;
	return row.verdict;
}
