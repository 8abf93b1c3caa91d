/*
 * The command line. Every option is a row in its room's table; this file knows
 * the grammar alone: "--name=value" or "--name value", and the first word that
 * is no option ends them.
 */
#include "cli/command_line.h"

#include <stdbool.h>
#include <string.h>

#include "cli/config.h"
#include "cli/parser.h"

/* An option as it stands on the command line. */
struct typed {
	const struct option *option;
	const char *value; /* or NULL */
	int words;         /* that it takes: 1, or 2 with its value */
};

static int unknown_option(const struct parser *parser, const char *word)
{
	return parser_fail(parser, word, NULL, "unknown option",
			   "rind --help lists them; -- ends them");
}

/*
 * WORD is "--name", "--name=value" or "-x", NEXT the word behind it or NULL.
 * Returns 0 with *TYPED, or -1.
 */
static int read_option(const struct parser *parser, const char *word,
		       const char *next, struct typed *typed)
{
	bool is_long = word[1] == '-';
	size_t length = is_long ? strcspn(word + 2, "=") : 1;
	const char *value = NULL;
	const struct option *option;

	if (is_long && word[2 + length])
		value = word + 2 + length + 1;
	if (is_long)
		option = option_by_name(word + 2, length);
	else
		option = word[2] ? NULL : option_by_letter(word[1]);
	if (!option)
		return unknown_option(parser, word);
	if (!option->metavar && value)
		return parser_fail(parser, word, NULL, "takes no value", NULL);
	*typed = (struct typed){ option, value, 1 };
	if (!option->metavar || value || option->value_optional)
		return 0;
	if (!next)
		return parser_fail(parser, word, NULL, "needs a value",
				   option->metavar);
	*typed = (struct typed){ option, next, 2 };
	return 0;
}

/* --exec leaves no supervisor, so nothing may be asked of one. */
static int check_together(const struct parser *parser)
{
	const struct option *option;

	if (!parser->plan->supervision.exec)
		return 0;
	for (size_t place = 0; (option = option_at(place)); place++)
		if (option->needs_supervisor && parser->given[place])
			return parser_fail_option(parser, option, NULL,
						  "needs a supervisor",
						  "--exec leaves none");
	return 0;
}

/*
 * --check looks at what is, so an option before it, which would not be in
 * force, is a mistake. --help and its like are asked for in the middle of a
 * line that does not work.
 */
static enum reading answer(const struct parser *parser,
			   const struct typed *typed, char **argv, int at,
			   int *exit_code)
{
	if (typed->option->metavar && at > 1) {
		parser_fail(parser, argv[at], NULL,
			    "options before it would not be in force",
			    "rind OPTION... -- rind --check");
		return READING_FAILED;
	}
	*exit_code = typed->option->answer(typed->value, argv + at + 1,
					   parser->error);
	return *exit_code < 0 ? READING_FAILED : READING_ANSWERED;
}

static int take_option(struct parser *parser, const struct typed *typed)
{
	if (typed->option->kind != OPTION_CONFIG)
		return parser_apply(parser, typed->option, typed->value);
	return parser_note(parser, typed->option, typed->value) ||
			       config_read(parser, typed->value)
		       ? -1
		       : 0;
}

enum reading command_line_read(int argc, char **argv, struct plan *plan,
			       int *exit_code, struct error *error)
{
	struct parser parser = { .plan = plan, .error = error };
	int at = 1;

	plan_set_defaults(plan);
	while (at < argc && argv[at][0] == '-' && argv[at][1]) {
		struct typed typed = { 0 };

		if (!strcmp(argv[at], "--")) {
			at++;
			break;
		}
		if (read_option(&parser, argv[at], argv[at + 1], &typed))
			return READING_FAILED;
		if (typed.option->kind == OPTION_ANSWER)
			return answer(&parser, &typed, argv, at, exit_code);
		if (take_option(&parser, &typed))
			return READING_FAILED;
		at += typed.words;
	}
	if (at >= argc || !*argv[at]) {
		error_set(error, "options", NULL, "no command to run",
			  "rind [OPTION]... [--] COMMAND [ARG]...");
		return READING_FAILED;
	}
	plan->command = argv + at;
	return check_together(&parser) ? READING_FAILED : READING_PLAN;
}
