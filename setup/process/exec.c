/*
 * Becoming the app: execve(2) along PATH, by the rules of execvp(3).
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/list.h"
#include "setup/process/exec_failure.h"
#include "setup/process/exec_rights.h"
#include "setup/process/variables.h"
#include "setup/setup.h"

/* Docker's own, for an environment that has none. */
#define DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/*
 * Puts "DIRECTORY/NAME" for the first directory of *PATH into BUFFER, and moves
 * *PATH past that directory. Returns -1 where it does not fit.
 */
static int next_candidate(const char **path, const char *name, char *buffer,
			  size_t size)
{
	const char *directory = *path;
	const char *colon = strchrnul(directory, ':');
	int length = (int)(colon - directory);
	int written;

	*path = *colon ? colon + 1 : colon;
	/* An empty one is the working directory. */
	written = snprintf(buffer, size, "%.*s%s%s", length, directory,
			   length ? "/" : "", name);
	return written < 0 || (size_t)written >= size ? -1 : 0;
}

/* execvp(3) hands a file of no known format to the shell. */
static void execute_by_shell(const struct app *app, const char *path)
{
	const char *shell = "/bin/sh";
	struct list words = { 0 };

	list_add(&words, shell);
	list_add(&words, path);
	for (char **word = app->plan->command + 1; *word; word++)
		list_add(&words, *word);
	execve(shell, words.items, app->environment);
}

/* For --explain, which starts nothing: exits with 0 where execve(2) would. */
static void try_access(const struct app *app, const char *path)
{
	struct stat status;

	if (access(path, X_OK) || stat(path, &status))
		return;
	if (S_ISREG(status.st_mode)) {
		exec_rights_explain(app, path, &status);
		_exit(0);
	}
	errno = EACCES; /* as execve(2) has it for a directory */
}

/* Returns only on failure, with errno. */
static void execute(const struct app *app, const char *path)
{
	if (app->plan->explain) {
		try_access(app, path);
		return;
	}
	execve(path, app->plan->command, app->environment);
	if (errno == ENOEXEC && app->plan->process.shell_fallback)
		execute_by_shell(app, path);
}

/* Whether PATH is not there; ENOENT may also be of its interpreter. */
static bool is_absent(const char *path, int number)
{
	return number == ENOTDIR || (number == ENOENT && access(path, F_OK));
}

/*
 * A file that the app's user may not execute, or whose interpreter is missing,
 * does not end the search; if no other is found, the first such file is the
 * reason.
 */
static void execute_along_path(const struct app *app, const char *name,
			       struct error *error)
{
	const char *path = variable_find(app->environment, "PATH");
	char candidate[PATH_MAX];
	bool explained = false;

	if (!path)
		path = DEFAULT_PATH;
	/* An empty name would find the directories themselves. */
	while (*name && *path) {
		int number;

		if (next_candidate(&path, name, candidate, sizeof(candidate)))
			continue;
		execute(app, candidate);
		number = errno;
		if (is_absent(candidate, number))
			continue;
		if (number != ENOENT && number != EACCES) {
			exec_failure_explain(candidate, number, error);
			return;
		}
		if (!explained)
			exec_failure_explain(candidate, number, error);
		explained = true;
	}
	if (explained)
		return;
	error_set(error, "exec", name, "not found in PATH",
		  "give its whole path, or add its directory to PATH");
	error->status = EXIT_NOT_FOUND;
}

/* The mask and, maybe, SIGCHLD are all that rind changed. */
static int restore_signals(const struct inherited *inherited,
			   struct error *error)
{
	bool ignored = inherited->ignored & signal_bit(SIGCHLD);

	if (signal(SIGCHLD, ignored ? SIG_IGN : SIG_DFL) == SIG_ERR ||
	    signals_set_mask(inherited->mask))
		return error_errno(error, "exec", "signals", NULL);
	return 0;
}

void setup_exec(const struct app *app, struct error *error)
{
	const char *name = app->plan->command[0];

	if (restore_signals(app->inherited, error))
		return;
	if (strchr(name, '/')) {
		execute(app, name);
		exec_failure_explain(name, errno, error);
	} else {
		execute_along_path(app, name, error);
	}
	/* No signal may end this process before the failure is reported. */
	signals_block(SIGNALS_ALL);
}
