/*
 * --explain: what would be done, in order, from the tables that do it.
 */
#include "cli/explain.h"

#include <string.h>

#include "lib/output.h"
#include "lib/text.h"
#include "setup/setup.h"
#include "supervise/supervise.h"

enum {
	VALUE_SHOWN = 300,
	/* Each byte may become four, "\x9b", and a cut text ends in "...". */
	VALUE_ESCAPED = 4 * VALUE_SHOWN + 4
};

struct explanation {
	const struct plan *plan;
	int steps; /* so far */
	struct output output;
};

/* Whether LIST, items between commas, holds WORD. */
static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (list) {
		const char *comma = strchr(list, ',');

		if (!strncmp(list, word, length) && strchr(",", list[length]))
			return true;
		list = comma ? comma + 1 : NULL;
	}
	return false;
}

/* Whether the option GIVEN is one that STEP acts on. */
static bool acts_on(const struct step_text *step,
		    const struct plan_given *given)
{
	const char *name = given->option->name;

	if (step->unshare && !strcmp(name, "unshare"))
		return list_has(given->value, step->unshare) ||
		       list_has(given->value, "all");
	for (size_t i = 0; step->options[i]; i++)
		if (!strcmp(name, step->options[i]))
			return true;
	return false;
}

static bool is_any_given(const struct plan *plan, const struct step_text *step)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (acts_on(step, g))
			return true;
	return false;
}

static bool is_given(const struct plan *plan, const char *option)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (!strcmp(g->option->name, option))
			return true;
	return false;
}

static void print_step(struct explanation *e, const char *name,
		       const char *reason)
{
	output_addf(&e->output, "%2d. %s: %s\n", ++e->steps, name, reason);
}

/* "      --OPTION=VALUE  (WHERE)"; without an OPTION, VALUE alone. */
static void print_value(struct explanation *e, const char *option,
			const char *value, const char *where)
{
	char shown[VALUE_ESCAPED];
	struct text text = text_in(shown, sizeof(shown));

	output_add(&e->output, "      ");
	if (option)
		output_addf(&e->output, "--%s%s", option, value ? "=" : "");
	text_add_escaped(&text, value ? value : "", VALUE_SHOWN);
	output_add(&e->output, shown);
	text = text_in(shown, sizeof(shown));
	text_add_escaped(&text, where, VALUE_SHOWN);
	output_add(&e->output, "  (");
	output_add(&e->output, shown);
	output_add(&e->output, ")\n");
}

/* What STEP does where an option is not given. */
static void print_defaults(struct explanation *e, const struct step_text *step,
			   bool any_given)
{
	for (const struct step_default *d = step->defaults; d->value; d++) {
		char line[160];
		struct text text = text_in(line, sizeof(line));

		if (d->option ? is_given(e->plan, d->option) : any_given)
			continue;
		if (d->option)
			text_addf(&text, "%s=", d->option);
		text_add(&text, d->value);
		print_value(e, NULL, line, "default");
	}
}

static void explain_step(void *context, const struct step_text *step)
{
	struct explanation *e = context;
	bool any_given = is_any_given(e->plan, step);

	if (!any_given && !step->defaults[0].value)
		return;
	print_step(e, step->name, step->reason);
	for (const struct plan_given *g = e->plan->given; g; g = g->next)
		if (acts_on(step, g))
			print_value(e, g->option->name, g->value,
				    g->where ? g->where : "command line");
	print_defaults(e, step, any_given);
}

int print_explanation(const struct plan *plan)
{
	struct explanation e = { .plan = plan };

	steps_visit(explain_step, &e);
	supervision_visit(plan, explain_step, &e);
	print_step(&e, "command", "along PATH, as it was given");
	for (char **word = plan->command; *word; word++)
		print_value(&e, NULL, *word, "command line");
	return output_end(&e.output);
}
