/* --check, --help, --version, --license, --verbose. */
#include "cli/looking.h"

#include <string.h>
#include <unistd.h>

#include "base/packed.h"
#include "check/check.h"
#include "cli/cli.h"
#include "setup/rooms.h"

static const struct option looking_options[] = {
	{ .name = "config\0FILE\0" TEXT(
		  "the same options, a line each, without the dashes"),
	  .adds_up = true },
	{ .name = "explain\0\0" TEXT(
		  "say in order what would be done, and try the start"),
	  .flag = offsetof(struct plan, explain) },
	{ .name = "verbose\0\0" TEXT("say what is done, on stderr"),
	  .flag = offsetof(struct plan, verbose),
	  .letter = 'v' },
	{ .name = "check\0[=json|PID]\0" TEXT(
		  "[ASSERTION]...: how confined it is, itself*") },
	{ .name = "version\0\0" TEXT("print the version"), .letter = 'V' },
	{ .name = "help\0\0" TEXT("print this"), .letter = 'h' },
	{ .name = "license\0\0" TEXT("print the licences") },
};

const struct facility looking_facility = { GROUP_LOOKING,
					   OPTIONS(looking_options) };

int looking_answer(const struct option *option, const char *value, char **words,
		   struct error *error)
{
	static int (*const prints[])(
		void) = { [4] = print_version, print_help, print_license };
	int (*print_it)(void) = prints[option - looking_options];

	if (!print_it)
		return check(value, words, error);
	if (!print_it())
		return 0;
	return error_set(error, "options", "stdout", TEXT("cannot be written"),
			 NULL);
}
