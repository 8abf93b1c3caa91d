/* --check, --help, --version, --license, --verbose. */
#include "cli/looking.h"

#include <string.h>
#include <unistd.h>

#include "check/check.h"
#include "cli/cli.h"
#include "setup/rooms.h"

static int read_verbose(struct plan *plan, const char *value,
			const char **reason)
{
	(void)value;
	(void)reason;
	plan->verbose = true;
	return 0;
}

static int read_explain(struct plan *plan, const char *value,
			const char **reason)
{
	(void)value;
	(void)reason;
	plan->explain = true;
	return 0;
}

static const struct option options[] = {
	{ .name = "config",
	  .value = "FILE",
	  .help = "the same options, a line each, without the dashes",
	  .adds_up = true },
	{ .name = "explain",
	  .help = "say in order what would be done, and try the start",
	  .read = read_explain },
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "say what is done, on stderr",
	  .read = read_verbose },
	{ .name = "check",
	  .value = "[=json|PID]",
	  .help = "[ASSERTION]...: how confined it is, itself*" },
	{ .name = "version", .letter = 'V', .help = "print the version" },
	{ .name = "help", .letter = 'h', .help = "print this" },
	{ .name = "license", .help = "print the licences" },
	{ 0 },
};

const struct facility looking_facility = { GROUP_LOOKING, options };

int looking_answer(const struct option *option, const char *value, char **words,
		   struct error *error)
{
	static int (*const prints[])(
		void) = { [4] = print_version, print_help, print_license };
	int (*print_it)(void) = prints[option - options];

	if (!print_it)
		return check(value, words, error);
	if (!print_it())
		return 0;
	return error_set(error, "options", "stdout", "cannot be written", NULL);
}
