/* The options that tell something: --check, --explain, --help, … */
#include "cli/information.h"

#include "check/check.h"
#include "cli/help.h"

static bool *explain_field(struct plan *plan)
{
	return &plan->explain;
}

static bool *verbose_field(struct plan *plan)
{
	return &plan->verbose;
}

/* Of a function that prints to stdout and returns 0 or -1. */
static int answer_by(int (*print)(void), struct error *error)
{
	if (!print())
		return 0;
	return error_set(error, "options", "stdout", "cannot be written", NULL);
}

static int answer_version(const char *value, char **words, struct error *error)
{
	(void)value;
	(void)words;
	return answer_by(print_version, error);
}

static int answer_help(const char *value, char **words, struct error *error)
{
	(void)value;
	(void)words;
	return answer_by(print_help, error);
}

static int answer_license(const char *value, char **words, struct error *error)
{
	(void)value;
	(void)words;
	return answer_by(print_license, error);
}

static const struct option information_options[] = {
	{ .name = "config",
	  .metavar = "FILE",
	  .help = "the same options, a line each, without the dashes",
	  .kind = OPTION_CONFIG,
	  .repeatable = true },
	{ .name = "explain",
	  .help = "say in order what would be done, and try the start",
	  .kind = OPTION_SWITCH,
	  .field = explain_field },
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "say what is done, on stderr",
	  .kind = OPTION_SWITCH,
	  .field = verbose_field },
	{ .name = "check",
	  .metavar = "json|PID",
	  .value_optional = true,
	  .help = "[ASSERTION]...: how confined it is, itself*",
	  .kind = OPTION_ANSWER,
	  .answer = check },
	{ .name = "version",
	  .letter = 'V',
	  .help = "print the version",
	  .kind = OPTION_ANSWER,
	  .answer = answer_version },
	{ .name = "help",
	  .letter = 'h',
	  .help = "print this",
	  .kind = OPTION_ANSWER,
	  .answer = answer_help },
	{ .name = "license",
	  .help = "print the licences",
	  .kind = OPTION_ANSWER,
	  .answer = answer_license },
};

const struct option_table information_option_table =
	OPTION_TABLE(GROUP_INFORMATION, information_options);
