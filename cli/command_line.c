/*
 * rind's own command line: "--name=value" or "--name value", "-x", and the
 * first word that is no option is the command. Which options there are stands
 * in the tables of the rooms.
 */
#include "cli/command_line.h"

#include <stdbool.h>
#include <string.h>

#include "cli/config.h"
#include "cli/help.h"
#include "cli/option_tables.h"
#include "cli/parser.h"
#include "lib/arena.h"

/* An option with its value, as it was typed. */
struct typed_option {
	const struct option *option; /* NULL: a soft one that is not known */
	bool soft;                   /* "--?NAME" */
	const char *value;           /* NULL if there is none */
	int words; /* of the command line: 1, or 2 with the value */
};

/* Fills *TYPED, but for a value that is the next word. */
static void find_option(const char *word, struct typed_option *typed)
{
	size_t length;

	*typed = (struct typed_option){ .words = 1 };
	if (word[1] != '-') {
		typed->option = word[2] ? NULL : option_by_letter(word[1]);
		return;
	}
	word += strlen("--");
	typed->soft = *word == '?';
	word += typed->soft;
	length = strcspn(word, "=");
	if (word[length])
		typed->value = word + length + 1;
	typed->option = option_by_name(word, length);
}

/* Reads the option at WORDS[0]. Returns 0 with *TYPED, or -1. */
static int read_option(const struct parser *parser, char **words,
		       struct typed_option *typed)
{
	const char *word = words[0];
	const struct option *option;

	find_option(word, typed);
	option = typed->option;
	if (!option) {
		parser_fail(parser, word, NULL, "unknown option",
			    "see rind --help");
		return -1;
	}
	if (parser_check_switch(parser, word, option, typed->value))
		return -1;
	if (typed->value || !option->metavar || option->value_optional)
		return 0;
	if (!words[1])
		return parser_fail(parser, word, NULL, "needs a value",
				   arena_printf("write --%s=%s", option->name,
						option->metavar));
	typed->value = words[1];
	typed->words = 2;
	return 0;
}

static bool is_answer(const struct option *option)
{
	return option->kind == OPTION_ANSWER || option->kind == OPTION_HELP;
}

/* The option at WORDS[0]. */
static enum reading answer(const struct parser *parser,
			   const struct typed_option *typed, bool is_first,
			   char **words, int *exit_code)
{
	if (parser_check_value(parser, typed->option, typed->value))
		return READING_FAILED;
	if (typed->option->has_to_be_first && !is_first) {
		parser_fail(parser, words[0], NULL,
			    "options before it would not be in force",
			    "run rind OPTION... -- rind --check");
		return READING_FAILED;
	}
	if (typed->option->kind == OPTION_HELP)
		*exit_code = print_help(parser->error);
	else
		*exit_code = typed->option->answer(typed->value, words + 1,
						   parser->error);
	return *exit_code < 0 ? READING_FAILED : READING_ANSWERED;
}

/* Whether WORD, of the command line, ends the options. */
static bool ends_options(const char *word)
{
	return !word || word[0] != '-' || !word[1] || !strcmp(word, "--");
}

/*
 * All files that --config names, before any other option is read, wherever it
 * stands: the command line wins. What is wrong with other words comes to light
 * afterwards.
 */
static int read_config_files(struct parser *parser, char **words)
{
	struct plan *plan = parser->plan;

	plan->reading = PLACE_FIRST_FILE;
	while (!ends_options(*words)) {
		struct error ignored;
		struct parser silent = { .plan = plan, .error = &ignored };
		struct typed_option typed;

		if (read_option(&silent, words, &typed) && !typed.soft)
			break;
		if (typed.option && is_answer(typed.option))
			break;
		if (typed.option && typed.option->kind == OPTION_CONFIG &&
		    (parser_check_value(parser, typed.option, typed.value) ||
		     config_read(parser, typed.value)))
			return -1;
		words += typed.words;
	}
	plan->reading = PLACE_COMMAND_LINE;
	return 0;
}

/* Reads the option at WORDS[0] into the plan, or leaves a soft one out. */
static int apply_option(struct parser *parser, char **words,
			struct typed_option *typed)
{
	int result = read_option(parser, words, typed);

	parser->soft = typed->soft;
	if (!result && typed->option->kind != OPTION_CONFIG &&
	    !is_answer(typed->option))
		result = parser_apply(parser, typed->option, typed->value);
	return result && !parser_left_out(parser) ? -1 : 0;
}

/* --exec leaves no supervisor, and so no effect to the options of one. */
static int check_supervisor(const struct parser *parser)
{
	const struct plan *plan = parser->plan;

	if (!plan->supervision.exec)
		return 0;
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (g->option->needs_supervisor && !g->off)
			return parser_fail_option(
				parser, g->option, NULL, "needs a supervisor",
				arena_printf("remove --exec or --%s",
					     g->option->name));
	return 0;
}

enum reading command_line_read(int argc, char **argv, struct plan *plan,
			       int *exit_code, struct error *error)
{
	struct parser parser = { .plan = plan, .error = error };
	int at = 1;

	plan_set_defaults(plan);
	if (read_config_files(&parser, argv + 1))
		return READING_FAILED;
	while (at < argc && !ends_options(argv[at])) {
		struct typed_option typed;

		if (apply_option(&parser, argv + at, &typed))
			return READING_FAILED;
		if (typed.option && is_answer(typed.option))
			return answer(&parser, &typed, at == 1, argv + at,
				      exit_code);
		at += typed.words;
	}
	if (at < argc && !strcmp(argv[at], "--"))
		at++;
	if (at >= argc || !*argv[at]) {
		error_set(error, "options", NULL, "no command to run",
			  "write rind [OPTION]... [--] COMMAND [ARG]...");
		return READING_FAILED;
	}
	plan->command = argv + at;
	return check_supervisor(&parser) ? READING_FAILED : READING_PLAN;
}
