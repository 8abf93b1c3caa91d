/*
 * The command line. Every option is a row in its room's table; this file knows
 * the grammar alone: "--name=value" or "--name value", and the first word that
 * is no option ends them.
 */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/looking.h"
#include "setup/setup.h"

enum {
	OPTIONS_MAX = 128,
	STOP_GRACE_MS = 5000
};

struct parser {
	struct plan *plan;
	struct error *error;
	uint64_t seen[OPTIONS_MAX / 64]; /* by place in the tables */
	const struct option *answer;     /* one that rind answers itself */
	const char *answer_value;
};

static int fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure)
{
	/* The value is what may be long: the option's name goes first. */
	char object[400];
	struct text text = text_in(object, sizeof(object));

	text_add(&text, option);
	if (value) {
		text_add(&text, "=");
		text_add(&text, value);
	}
	return error_set(parser->error, "options", object, reason, cure);
}

/* Finds by name of LENGTH, or by letter; *PLACE counts over all tables. */
static const struct option *find(const char *name, size_t length, char letter,
				 unsigned int *place)
{
	*place = 0;
	for (const struct facility *const *f = facilities; *f; f++)
		for (const struct option *o = (*f)->options; o->name;
		     o++, ++*place)
			if (letter ? o->letter == letter
				   : strlen(o->name) == length &&
					     !memcmp(o->name, name, length))
				return o;
	return NULL;
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

static int apply(struct parser *parser, const struct option *option,
		 unsigned int place, const char *value)
{
	char name[32];
	struct text text = text_in(name, sizeof(name));
	uint64_t bit = 1ULL << place % 64;
	const char *reason = NULL;

	text_add(&text, "--");
	text_add(&text, option->name);
	if (parser->seen[place / 64] & bit && !option->adds_up)
		return fail(parser, name, value, "given twice",
			    "only one can be in force");
	parser->seen[place / 64] |= bit;
	if (value && has_control(option, value))
		return fail(parser, name, value,
			    "a control character in the value", NULL);
	parser->answer = option->read ? NULL : option;
	parser->answer_value = value;
	if (option->read && option->read(parser->plan, value, &reason))
		return fail(parser, name, value, reason, NULL);
	return 0;
}

static int unknown(const struct parser *parser, const char *word)
{
	return fail(parser, word, NULL, "unknown option",
		    "rind --help lists them; -- ends them");
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
	unsigned int place;
	const struct option *option;

	if (!is_long && word[2])
		return unknown(parser, word);
	option = find(word + 2, length, is_long ? '\0' : word[1], &place);
	if (!option)
		return unknown(parser, word);
	if (!option->value && value)
		return fail(parser, word, NULL, "takes no value", NULL);
	if (!option->value || value || *option->value == '[')
		return apply(parser, option, place, value) ? -1 : 1;
	if (!next)
		return fail(parser, word, NULL, "needs a value", option->value);
	return apply(parser, option, place, next) ? -1 : 2;
}

/* What cannot be in force together, whatever the order of the words. */
static int check_together(const struct parser *parser)
{
	const struct plan_supervision *s = &parser->plan->supervision;
	const struct {
		bool given;
		const char *name;
	} needs_supervisor[] = {
		{ s->forward_to != FORWARD_MAIN, "--forward-to" },
		{ s->wait_all, "--wait" },
		{ s->stop_delay_ms != 0, "--stop-delay" },
		{ s->stop_timeout_ms != 0, "--stop-timeout" },
		{ s->stop_grace_ms != STOP_GRACE_MS, "--stop-grace" },
		{ s->success[0] || s->success[1] || s->success[2] ||
			  s->success[3],
		  "--success" },
	};
	size_t count = sizeof(needs_supervisor) / sizeof(*needs_supervisor);

	if (!s->exec)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (needs_supervisor[i].given)
			return fail(parser, needs_supervisor[i].name, NULL,
				    "needs a supervisor", "--exec leaves none");
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		if (s->rewrite[signal] != signal)
			return fail(parser, "--rewrite", NULL,
				    "needs a supervisor", "--exec leaves none");
	return 0;
}

static void set_defaults(struct plan *plan)
{
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

	if (parser->answer->value && at > 1)
		return fail(parser, argv[at], NULL,
			    "options before it would not be in force",
			    "rind OPTION... -- rind --check");
	code = looking_answer(parser->answer, parser->answer_value,
			      argv + at + 1, parser->error);
	return code < 0 ? -1 : code + 1;
}

int cli_read(int argc, char **argv, struct plan *plan, struct error *error)
{
	struct parser parser = { .plan = plan, .error = error };
	int at = 1;

	set_defaults(plan);
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
		return error_set(error, "options", NULL, "no command to run",
				 "rind [OPTION]... [--] COMMAND [ARG]...");
	plan->command = argv + at;
	return check_together(&parser);
}
