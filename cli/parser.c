/* One option with its value, into the plan. */
#include "cli/parser.h"

#include <string.h>

#include "lib/arena.h"
#include "lib/log.h"
#include "lib/text.h"

static const char *step_of(const struct parser *parser)
{
	if (parser->tool)
		return parser->tool;
	return parser->where ? "config" : "options";
}

int parser_fail(const struct parser *parser, const char *option,
		const char *value, const char *reason, const char *cure)
{
	char object[400];
	struct text text = text_in(object, sizeof(object));

	if (parser->where)
		text_addf(&text, "%s: ", parser->where);
	text_add(&text, option);
	if (value)
		text_addf(&text, "=%s", value);
	return error_set(parser->error, step_of(parser), object, reason, cure);
}

int parser_fail_option(const struct parser *parser, const struct option *option,
		       const char *value, const char *reason, const char *cure)
{
	const char *word = parser->word;

	if (!word)
		word = arena_printf("--%s", option->name);
	return parser_fail(parser, word, value, reason, cure);
}

int parser_check_value(const struct parser *parser, const struct option *option,
		       const char *value)
{
	if (!value || option->takes_any_byte)
		return 0;
	/* A line break in a value is an accident or an attack. */
	for (const char *at = value; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			return parser_fail_option(
				parser, option, value,
				"a control character in the value", NULL);
	return 0;
}

static bool is_no(const char *value)
{
	return value && !strcmp(value, "no");
}

int parser_check_switch(const struct parser *parser, const char *word,
			const struct option *option, const char *value)
{
	if (!value || option->metavar)
		return 0;
	if (option->kind == OPTION_SWITCH &&
	    (is_no(value) || !strcmp(value, "yes")))
		return 0;
	if (option->kind == OPTION_SWITCH)
		return parser_fail(parser, word, NULL, "neither yes nor no",
				   "write yes or no");
	return parser_fail(parser, word, NULL, "takes no value",
			   arena_printf("write --%s", option->name));
}

static struct plan_given *find_given(const struct plan *plan,
				     const struct option *option)
{
	struct plan_given *given = plan->given;

	while (given && given->option != option)
		given = given->next;
	return given;
}

/* At the end of the plan's list, for --explain. */
static struct plan_given *add_given(struct plan *plan)
{
	struct plan_given **last = &plan->given;

	while (*last)
		last = &(*last)->next;
	*last = arena_alloc(sizeof(**last));
	return *last;
}

static void forget_given(struct plan *plan, const struct option *option)
{
	struct plan_given **at = &plan->given;

	while (*at)
		if ((*at)->option == option)
			*at = (*at)->next;
		else
			at = &(*at)->next;
}

/* Whether VALUE takes away what OPTION asked for before. */
static bool turns_off(const struct option *option, const char *value)
{
	if (option->kind == OPTION_SWITCH)
		return is_no(value);
	return option->clear && value && !strcmp(value, "none");
}

static const char *apply(struct plan *plan, const struct option *option,
			 const char *value)
{
	bool off = turns_off(option, value);

	if (option->kind == OPTION_SWITCH) {
		*option->field(plan) = !off;
		return NULL;
	}
	if (!off)
		return option->read(plan, value);
	option->clear(plan);
	forget_given(plan, option);
	return NULL;
}

int parser_apply(const struct parser *parser, const struct option *option,
		 const char *value)
{
	struct plan *plan = parser->plan;
	struct plan_given *given = NULL;
	struct plan before = *plan;
	const char *reason;

	if (!option->repeatable)
		given = find_given(plan, option);
	if (given && !parser->last_wins && given->place == plan->reading)
		return parser_fail_option(parser, option, value, "given twice",
					  "remove one of the two");
	if (parser_check_value(parser, option, value))
		return -1;
	reason = apply(plan, option, value);
	if (reason) {
		/* A soft one leaves nothing half done. */
		*plan = before;
		return parser_fail_option(parser, option, value, reason, NULL);
	}
	if (!given)
		given = add_given(plan);
	given->option = option;
	given->value = value;
	given->place = plan->reading;
	given->where = parser->where;
	given->off = turns_off(option, value);
	given->soft = parser->soft;
	return 0;
}

bool parser_left_out(const struct parser *parser)
{
	if (!parser->soft)
		return false;
	log_left_out(parser->error->line);
	return true;
}
