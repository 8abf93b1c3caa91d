/* The options under "Information and diagnostics", --config among them. */
#include "cli/information.h"

#include <string.h>

#include "check/check.h"
#include "cli/licences.h"
#include "lib/output.h"

static bool *explain_field(struct plan *plan)
{
	return &plan->explain;
}

static bool *verbose_field(struct plan *plan)
{
	return &plan->verbose;
}

static int print(const char *text, struct error *error)
{
	if (output_print(text, strlen(text)))
		return error_set(error, "options", "stdout",
				 "cannot be written", NULL);
	return 0;
}

static int answer_version(const char *value, char **words, struct error *error)
{
	(void)value;
	(void)words;
	return print("rind " RIND_VERSION "\n", error);
}

static int answer_license(const char *value, char **words, struct error *error)
{
	(void)value;
	(void)words;
	return print(licences, error);
}

static const struct option information_options[] = {
	{ .name = "config",
	  .metavar = "FILE|DIR",
	  .help = "read options from files, one a line, without dashes",
	  .kind = OPTION_CONFIG,
	  .repeatable = true },
	{ .name = "explain",
	  .help = "print each step in order, and try the start",
	  .kind = OPTION_SWITCH,
	  .field = explain_field },
	{ .name = "verbose",
	  .letter = 'v',
	  .help = "report each step and signal on stderr",
	  .kind = OPTION_SWITCH,
	  .field = verbose_field },
	{ .name = "check",
	  .metavar = "json|PID",
	  .value_optional = true,
	  .help = "show how confined a process is (default: rind itself), or "
		  "test ASSERTIONs",
	  .kind = OPTION_ANSWER,
	  .answer = check,
	  .has_to_be_first = true },
	{ .name = "version",
	  .letter = 'V',
	  .help = "print the version",
	  .kind = OPTION_ANSWER,
	  .answer = answer_version },
	{ .name = "help",
	  .letter = 'h',
	  .help = "print this help",
	  .kind = OPTION_HELP },
	{ .name = "license",
	  .help = "print the licences",
	  .kind = OPTION_ANSWER,
	  .answer = answer_license },
};

const struct option_table information_option_table =
	OPTION_TABLE(GROUP_INFORMATION, information_options);
