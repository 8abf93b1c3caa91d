/*
 * Becoming the app: execve(2) along PATH, and the reason where it fails. A file
 * that is there while its interpreter is not is the commonest puzzle of small
 * images, since the kernel says "No such file" of the file itself.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/list.h"
#include "lib/text.h"
#include "setup/setup.h"

/* Docker's own, for an environment that has none. */
#define DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *find_path(char *const *environment)
{
	for (; *environment; environment++)
		if (!strncmp(*environment, "PATH=", 5))
			return *environment + 5;
	return DEFAULT_PATH;
}

/* "#!/bin/sh -e": puts "/bin/sh" into BUFFER. */
static int script_interpreter(const char *head, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	size_t length;

	head += 2;
	head += strspn(head, " \t");
	length = strcspn(head, " \t\r\n");
	if (!length || length >= size)
		return -1;
	for (size_t i = 0; i < length; i++)
		text_add(&text, (char[]){ head[i], '\0' });
	/* A carriage return is part of the name to the kernel. */
	if (head[length] == '\r')
		text_add(&text, "\r");
	return 0;
}

/* The PT_INTERP of an ELF file of this machine's class (elf(5)). */
static int elf_interpreter(int fd, char *buffer, size_t size)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) segment;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	for (int i = 0; i < header.e_phnum; i++) {
		off_t at = (off_t)(header.e_phoff +
				   (unsigned int)i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			return -1;
		if (segment.p_type != PT_INTERP)
			continue;
		if (!segment.p_filesz || segment.p_filesz >= size ||
		    pread(fd, buffer, segment.p_filesz,
			  (off_t)segment.p_offset) != (ssize_t)segment.p_filesz)
			return -1;
		buffer[segment.p_filesz] = '\0';
		return 0;
	}
	return -1;
}

/* Returns 0 with the interpreter's path, -1 where PATH needs or names none. */
static int find_interpreter(const char *path, char *buffer, size_t size)
{
	char head[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int result = -1;

	if (fd < 0)
		return -1;
	if (pread(fd, head, sizeof(head) - 1, 0) > 0) {
		if (!strncmp(head, "#!", 2))
			result = script_interpreter(head, buffer, size);
		else if (!memcmp(head, ELFMAG, SELFMAG))
			result = elf_interpreter(fd, buffer, size);
	}
	close(fd);
	return result;
}

static void explain_missing(const char *path, struct error *error)
{
	char interpreter[PATH_MAX];
	char reason[300];
	struct text text = text_in(reason, sizeof(reason));

	error->status = EXIT_NOT_FOUND;
	if (access(path, F_OK)) {
		error_errno(error, "exec", path, NULL);
	} else if (find_interpreter(path, interpreter, sizeof(interpreter))) {
		error_set(error, "exec", path,
			  "it is there, but its interpreter is not", NULL);
	} else {
		text_add(&text, "its interpreter ");
		text_add_escaped(&text, interpreter, 200);
		text_add(&text, " is not there");
		error_set(error, "exec", path, reason,
			  "add that to the image, or link the program "
			  "statically");
	}
	error->status = EXIT_NOT_FOUND;
}

static const struct {
	int number;
	const char *cure;
} exec_cures[] = {
	{ EACCES, "can the app's user execute it, and enter its directory?" },
	{ EPERM, "has it file capabilities that --cap does not list? setcap -r "
		 "removes them" },
	{ ENOEXEC, "a script without \"#!\", or a program for another "
		   "machine" },
	{ E2BIG, "arguments and environment are too long together" },
	{ EAGAIN, "the user's limit of processes is reached" },
};

static void explain_failure(const char *path, int number, struct error *error)
{
	const char *cure = NULL;

	if (number == ENOENT) {
		explain_missing(path, error);
		return;
	}
	for (size_t i = 0; i < sizeof(exec_cures) / sizeof(exec_cures[0]); i++)
		if (exec_cures[i].number == number)
			cure = exec_cures[i].cure;
	errno = number;
	error_errno(error, "exec", path, cure);
	error->status = number == ENOTDIR ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN;
}

/* "DIR/NAME" for the first directory of *PATH, which is moved past it. */
static int next_candidate(const char **path, const char *name, char *buffer,
			  size_t size)
{
	size_t length = strcspn(*path, ":");
	size_t name_size = strlen(name) + 1;
	const char *directory = *path;

	*path += length + ((*path)[length] == ':');
	if (length + 1 + name_size > size)
		return -1;
	memcpy(buffer, directory, length);
	if (length)
		buffer[length++] = '/';
	memcpy(buffer + length, name, name_size);
	return 0;
}

/*
 * execvp(3) hands a file of no known format to the shell; some tools do so.
 * --explain only asks whether it could be run.
 */
static void become(const struct app *app, const char *path)
{
	const char *shell = "/bin/sh";
	struct list words = { 0 };

	if (app->plan->explain) {
		struct stat status;

		if (access(path, X_OK) || stat(path, &status))
			return;
		if (S_ISREG(status.st_mode))
			_exit(0);
		errno = EACCES; /* as execve(2) has it for a directory */
		return;
	}
	execve(path, app->plan->command, app->environment);
	if (errno != ENOEXEC || !app->plan->process.shell_fallback)
		return;
	list_add(&words, shell);
	list_add(&words, path);
	for (char **word = app->plan->command + 1; *word; word++)
		list_add(&words, *word);
	execve(shell, words.items, app->environment);
}

/*
 * The search of execvp(3): a file that may not be run does not end it, but is
 * what is told of when nothing else is found.
 */
static void search(const struct app *app, const char *name, struct error *error)
{
	const char *path = find_path(app->environment);
	char candidate[PATH_MAX];
	bool told = false;

	/* "" is no file of any directory. */
	while (*name && *path) {
		if (next_candidate(&path, name, candidate, sizeof(candidate)))
			continue;
		become(app, candidate);

		int number = errno;

		if (number == ENOTDIR ||
		    (number == ENOENT && access(candidate, F_OK)))
			continue;
		if (number != ENOENT && number != EACCES) {
			explain_failure(candidate, number, error);
			return;
		}
		if (!told)
			explain_failure(candidate, number, error);
		told = true;
	}
	if (told)
		return;
	error_set(error, "exec", name, "not found in PATH",
		  "of the app's environment and root");
	error->status = EXIT_NOT_FOUND;
}

/* rind touched nothing but the mask and, maybe, SIGCHLD. */
static int restore_signals(const struct inherited *inherited,
			   struct error *error)
{
	if (signal(SIGCHLD, inherited->ignored & signal_bit(SIGCHLD)
				    ? SIG_IGN
				    : SIG_DFL) == SIG_ERR ||
	    signals_set_mask(inherited->mask))
		return error_errno(error, "exec", "signals", NULL);
	return 0;
}

void setup_exec(const struct app *app, struct error *error)
{
	const char *name = app->plan->command[0];

	if (restore_signals(app->inherited, error))
		return;
	if (!strchr(name, '/')) {
		search(app, name, error);
	} else {
		become(app, name);
		explain_failure(name, errno, error);
	}
	signals_block(SIGNALS_ALL);
}
