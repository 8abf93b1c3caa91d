/* What a process has open. */
#include "check/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "check/rows.h"

/* fs.nr_open, which caps the limit, is this by default. */
#define NUMBERS_MAX (1U << 20)

static void add(struct descriptors *d, struct values *values, unsigned int fd,
		const char *what, bool directory)
{
	char number[16];
	struct text text = text_in(number, sizeof(number));

	text_add_number(&text, fd);
	text_add(&text, " ");
	value_add(values, number, what);
	d->count++;
	d->beyond |= fd > STDERR_FILENO;
	d->directory |= fd > STDERR_FILENO && directory;
}

/* Without /proc: every number is tried, and what is behind it is not known. */
static bool try_numbers(const struct process *p, struct descriptors *d,
			struct values *values)
{
	struct rlimit limit;
	struct stat status;

	/* What was open before the limit was lowered stays open. */
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return false;
	for (unsigned int fd = 0; fd < limit.rlim_max && fd < NUMBERS_MAX; fd++)
		if ((int)fd != p->root && !fstat((int)fd, &status))
			add(d, values, fd, "unknown", S_ISDIR(status.st_mode));
	return true;
}

static void add_entry(struct descriptors *d, struct values *values,
		      int directory, const char *name)
{
	char target[PATH_MAX];
	struct stat status;
	unsigned long fd;
	ssize_t length = readlinkat(directory, name, target,
				    sizeof(target) - 1);
	bool is_directory = !fstatat(directory, name, &status, 0) &&
			    S_ISDIR(status.st_mode);

	if (number_read(name, INT_MAX, &fd))
		return;
	target[length < 0 ? 0 : length] = '\0';
	add(d, values, (unsigned int)fd, length < 0 ? "unknown" : target,
	    is_directory);
}

/* Whether NUMBER is a descriptor of this check itself. */
static bool is_ours(const struct process *p, int directory, const char *name)
{
	unsigned long fd;

	return p->own && !number_read(name, INT_MAX, &fd) &&
	       ((int)fd == p->proc || (int)fd == p->root ||
		(int)fd == directory);
}

bool descriptors_of(const struct process *p, struct descriptors *d,
		    struct values *values)
{
	struct dirent *entry;
	int fd;
	DIR *directory;

	*d = (struct descriptors){ 0 };
	if (p->proc < 0)
		return try_numbers(p, d, values);
	fd = openat(p->proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return false;
	while ((entry = readdir(directory)))
		if (!is_ours(p, fd, entry->d_name))
			add_entry(d, values, fd, entry->d_name);
	closedir(directory);
	return true;
}

enum verdict look_descriptors(const struct process *p, int what,
			      struct values *values)
{
	struct descriptors d;

	(void)what;
	if (!descriptors_of(p, &d, values))
		return UNKNOWN;
	if (d.directory)
		return BAD;
	return d.beyond ? WEAK : GOOD;
}
