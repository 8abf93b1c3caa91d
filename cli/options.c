/*
 * The command line. Every option is a row in its room's table; this file knows
 * the grammar alone: "--name=value" or "--name value", and the first word that
 * is no option ends them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/packed.h"
#include "base/words.h"
#include "cli/cli.h"
#include "cli/looking.h"
#include "cli/parser.h"
#include "setup/setup.h"

enum {
	STOP_GRACE_MS = 5000
};

int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure)
{
	/* The value is what may be long: the option's name goes first. */
	char object[400];
	struct text text = text_in(object, sizeof(object));

	if (parser->where)
		text_form(&text, "%: ", parser->where, NULL, NULL);
	text_form(&text, value ? "%=%" : "%", option, value, NULL);
	return error_set(parser->error,
			 parser->tool    ? parser->tool
			 : parser->where ? "config"
					 : "options",
			 object, reason, cure);
}

const struct option *parser_option(unsigned int place)
{
	for (const struct facility *const *f = facilities; *f; f++) {
		if (place < (*f)->count)
			return (*f)->options + place;
		place -= (*f)->count;
	}
	return NULL;
}

const char *parser_value(const struct option *option)
{
	const char *value = word_at(option->name, OPTION_VALUE);

	return *value ? value : NULL;
}

const struct option *parser_find(const char *name, size_t length, char letter,
				 unsigned int *place)
{
	const struct option *o;

	for (*place = 0; (o = parser_option(*place)); ++*place)
		if (letter ? o->letter == letter
			   : strlen(o->name) == length &&
				     !memcmp(o->name, name, length))
			break;
	return o;
}

/* A line break in a value is an accident or an attack, but in a variable. */
static bool has_control(const struct option *option, const char *value)
{
	if (!strcmp(option->name, "env"))
		return false;
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 127)
			return true;
	return false;
}

/* Remembers what was given, in order. */
static void note(const struct parser *parser, const struct option *option,
		 const char *value)
{
	struct plan_given **last = &parser->plan->given;
	struct plan_given *given = calloc(1, sizeof(*given));

	/* The command line's value in the place of the file's. */
	while (*last && (option->adds_up || (*last)->option != option))
		last = &(*last)->next;
	given->next = *last ? (*last)->next : NULL;
	given->option = option;
	given->value = value;
	given->where = parser->where ? strdup(parser->where) : NULL;
	*last = given;
}

/* The same about an option that is known. */
static int option_fail(const struct parser *parser, const struct option *option,
		       const char *value, const char *reason, const char *cure)
{
	char name[32];
	struct text text = text_in(name, sizeof(name));

	text_form(&text, parser->word ? "%" : "--%",
		  parser->word ? parser->word : option->name, NULL, NULL);
	return parser_fail(parser, name, value, reason, cure);
}

int parser_apply(struct parser *parser, const struct option *option,
		 unsigned int place, const char *value)
{
	uint8_t *given = &parser->given[place];
	const char *reason;

	if (!option->adds_up && *given == parser->plan->reading)
		return option_fail(parser, option, value, TEXT("given twice"),
				   TEXT("only one can be in force"));
	if (!option->adds_up && *given > parser->plan->reading)
		return 0; /* the command line wins */
	*given = (uint8_t)parser->plan->reading;
	if (value && has_control(option, value))
		return option_fail(parser, option, value,
				   TEXT("a control character in the value"),
				   NULL);
	if (!strcmp(option->name, "config"))
		return config_read(parser, value);
	if (option->flag) {
		((bool *)parser->plan)[option->flag] = true;
	} else if (!option->read) {
		parser->answer = option;
		parser->answer_value = value;
	} else if ((reason = option->read(parser->plan, value))) {
		return option_fail(parser, option, value, reason, NULL);
	}
	note(parser, option, value);
	return 0;
}

static int unknown_option(const struct parser *parser, const char *word)
{
	return parser_fail(parser, word, NULL, TEXT("unknown option"),
			   TEXT("rind --help lists them; -- ends them"));
}

/*
 * WORD is "--name", "--name=value" or "-x", NEXT the word behind it or NULL.
 * Returns how many of the two were used, or -1.
 */
static int read_option(struct parser *parser, const char *word,
		       const char *next)
{
	bool is_long = word[1] == '-';
	size_t length = is_long ? strcspn(word + 2, "=") : 1;
	const char *value = is_long && word[2 + length] ? word + 3 + length
							: NULL;
	const char *takes;
	unsigned int place;
	const struct option *option;

	if (!is_long && word[2])
		return unknown_option(parser, word);
	option = parser_find(word + 2, length, is_long ? '\0' : word[1],
			     &place);
	if (!option)
		return unknown_option(parser, word);
	takes = parser_value(option);
	if (!takes && value)
		return parser_fail(parser, word, NULL, TEXT("takes no value"),
				   NULL);
	if (!takes || value || *takes == '[')
		return parser_apply(parser, option, place, value) ? -1 : 1;
	if (!next)
		return parser_fail(parser, word, NULL, TEXT("needs a value"),
				   takes);
	return parser_apply(parser, option, place, next) ? -1 : 2;
}

/* --exec leaves no supervisor, so nothing may be asked of one. */
static int check_together(const struct parser *parser)
{
	const struct option *o;

	if (!parser->plan->supervision.exec)
		return 0;
	for (unsigned int place = 0; (o = parser_option(place)); place++)
		if (o->supervises && parser->given[place])
			return option_fail(parser, o, NULL,
					   TEXT("needs a supervisor"),
					   TEXT("--exec leaves none"));
	return 0;
}

static void set_defaults(struct plan *plan)
{
	plan->reading = ORIGIN_COMMAND_LINE;
	plan->supervision.stop_grace_ms = STOP_GRACE_MS;
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		plan->supervision.rewrite[signal] = (uint8_t)signal;
}

/*
 * --check looks at what is, so an option before it, which would not be in
 * force, is a mistake. --help and its like are asked for in the middle of a
 * line that does not work.
 */
static int answer(const struct parser *parser, char **argv, int at)
{
	int code;

	if (parser_value(parser->answer) && at > 1)
		return parser_fail(
			parser, argv[at], NULL,
			TEXT("options before it would not be in force"),
			TEXT("rind OPTION... -- rind --check"));
	code = looking_answer(parser->answer, parser->answer_value,
			      argv + at + 1, parser->error);
	return code < 0 ? -1 : code + 1;
}

int cli_read(int argc, char **argv, struct plan *plan, struct error *error)
{
	struct parser parser = { .plan = plan, .error = error };
	const struct tool *tool = argc ? tool_find(argv[0]) : NULL;
	int at = 1;

	set_defaults(plan);
	if (tool) {
		int result = tool_read(tool, argc, argv, &parser);

		if (result < 0)
			error->status = 1; /* each of them says so */
		return result;
	}
	while (at < argc && argv[at][0] == '-' && argv[at][1]) {
		int used;

		if (!strcmp(argv[at], "--")) {
			at++;
			break;
		}
		used = read_option(&parser, argv[at], argv[at + 1]);
		if (used < 0)
			return -1;
		if (parser.answer)
			return answer(&parser, argv, at);
		at += used;
	}
	if (at >= argc || !*argv[at])
		return error_set(
			error, "options", NULL, TEXT("no command to run"),
			TEXT("rind [OPTION]... [--] COMMAND [ARG]..."));
	plan->command = argv + at;
	return check_together(&parser);
}
