/* What a process has open. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/rows.h"
#include "lib/text.h"
#include "sys/procfs.h"

/* fs.nr_open, which caps the limit, is this by default. */
#define NUMBERS_MAX (1U << 20)

struct seen {
	const struct process *process;
	struct values *values;
	enum verdict verdict;
};

/* DIRECTORY is that of the process in /proc, or -1: see try_numbers(). */
static void add_seen(struct seen *seen, int fd, int directory, const char *name)
{
	char number[16];
	char target[PATH_MAX];
	struct text text = text_in(number, sizeof(number));
	struct stat status;
	ssize_t length = directory < 0 ? -1
				       : readlinkat(directory, name, target,
						    sizeof(target) - 1);
	bool is_directory = (directory < 0
				     ? !fstat(fd, &status)
				     : !fstatat(directory, name, &status, 0)) &&
			    S_ISDIR(status.st_mode);

	target[length < 0 ? 0 : length] = '\0';
	text_add(&text, name);
	text_add(&text, " ");
	value_add(seen->values, number, length < 0 ? "unknown" : target);
	if (fd > STDERR_FILENO && seen->verdict != BAD)
		seen->verdict = is_directory ? BAD : WEAK;
}

static const char *name_of(int fd, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);

	text_addf(&text, "%d", fd);
	return buffer;
}

/* Each but those of this check itself. */
static void visit(void *context, int fd, int directory)
{
	struct seen *seen = context;
	const struct process *p = seen->process;
	char name[16];

	if (!p->own || (fd != p->proc && fd != p->root && fd != directory))
		add_seen(seen, fd, directory, name_of(fd, name, sizeof(name)));
}

/* Without /proc: every number is tried, and what is behind it is not known. */
static enum verdict try_numbers(struct seen *seen)
{
	char name[16];

	/*
	 * Beyond the limit, too: what was open before it was lowered stays
	 * open.
	 */
	for (int fd = 0; fd < (int)NUMBERS_MAX; fd++)
		if (fd != seen->process->root && fcntl(fd, F_GETFD) >= 0)
			add_seen(seen, fd, -1, name_of(fd, name, sizeof(name)));
	return seen->verdict;
}

/* A directory is a way out of the root. */
enum verdict look_descriptors(const struct process *p, int what,
			      struct values *values)
{
	struct seen seen = { p, values, GOOD };
	char path[48];
	struct text text = text_in(path, sizeof(path));

	(void)what;
	if (p->proc < 0)
		return try_numbers(&seen);
	text_add(&text, "/proc/self/fd/");
	text_addf(&text, "%d", p->proc);
	text_add(&text, "/fd");
	return procfs_visit_numbers(path, visit, &seen) ? UNKNOWN
							: seen.verdict;
}
