/* One option and its value into the plan, wherever they were given. */
#include "cli/parser.h"

#include <stdbool.h>

#include "lib/arena.h"
#include "lib/text.h"

int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure)
{
	/* The value is what may be long: the option's name goes first. */
	char object[400];
	struct text text = text_in(object, sizeof(object));
	const char *step = "options";

	if (parser->tool)
		step = parser->tool;
	else if (parser->where)
		step = "config";
	if (parser->where)
		text_addf(&text, "%s: ", parser->where);
	text_add(&text, option);
	if (value)
		text_addf(&text, "=%s", value);
	return error_set(parser->error, step, object, reason, cure);
}

int parser_fail_option(const struct parser *parser, const struct option *option,
		       const char *value, const char *reason, const char *cure)
{
	if (parser->word)
		return parser_fail(parser, parser->word, value, reason, cure);
	return parser_fail(parser, arena_printf("--%s", option->name), value,
			   reason, cure);
}

/* A line break in a value is an accident or an attack, but in a variable. */
static bool has_control(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 127)
			return true;
	return false;
}

/* In order; the command line's value in the place of the file's. */
static void add_given(const struct parser *parser, const struct option *option,
		      const char *value)
{
	struct plan_given **last = &parser->plan->given;
	struct plan_given *given = arena_alloc(sizeof(*given));

	while (*last && (option->repeatable || (*last)->option != option))
		last = &(*last)->next;
	given->next = *last ? (*last)->next : NULL;
	given->option = option;
	given->value = value;
	given->where = parser->where ? arena_strdup(parser->where) : NULL;
	*last = given;
}

/* Returns 1 where the option is in force, 0 where another place wins, or -1. */
static int note_origin(struct parser *parser, const struct option *option,
		       const char *value)
{
	uint8_t *given = &parser->given[option_place(option)];
	enum origin reading = parser->plan->reading;

	if (!option->repeatable && *given == reading)
		return parser_fail_option(parser, option, value, "given twice",
					  "only one can be in force");
	if (!option->repeatable && *given > reading)
		return 0;
	*given = (uint8_t)reading;
	if (value && !option->takes_any_byte && has_control(value))
		return parser_fail_option(parser, option, value,
					  "a control character in the value",
					  NULL);
	return 1;
}

int parser_note(struct parser *parser, const struct option *option,
		const char *value)
{
	int in_force = note_origin(parser, option, value);

	if (in_force == 1)
		add_given(parser, option, value);
	return in_force < 0 ? -1 : 0;
}

int parser_apply(struct parser *parser, const struct option *option,
		 const char *value)
{
	int in_force = note_origin(parser, option, value);
	const char *reason;

	if (in_force != 1)
		return in_force;
	if (option->kind == OPTION_SWITCH) {
		*option->field(parser->plan) = true;
	} else {
		reason = option->read(parser->plan, value);
		if (reason)
			return parser_fail_option(parser, option, value, reason,
						  NULL);
	}
	add_given(parser, option, value);
	return 0;
}
