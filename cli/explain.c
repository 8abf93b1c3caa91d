/* --explain: what would be done, in order, from the tables that do it. */
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
	int steps; /* printed so far */
	struct output output;
};

/* Whether an option is given that STEP acts on. */
static bool has_given(const struct step_text *step, const struct plan *plan)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (step_acts_on(step, g))
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

static void print_escaped(struct explanation *e, const char *string)
{
	char shown[VALUE_ESCAPED];
	struct text text = text_in(shown, sizeof(shown));

	text_add_escaped(&text, string, VALUE_SHOWN);
	output_add(&e->output, shown);
}

/* "      PREFIXVALUE  (WHERE)" */
static void print_value(struct explanation *e, const char *prefix,
			const char *value, const char *where)
{
	output_addf(&e->output, "      %s", prefix);
	print_escaped(e, value);
	output_add(&e->output, "  (");
	print_escaped(e, where);
	output_add(&e->output, ")\n");
}

static void print_given(struct explanation *e, const struct plan_given *given)
{
	char prefix[80];
	struct text text = text_in(prefix, sizeof(prefix));

	text_addf(&text, "--%s%s%s", given->soft ? "?" : "",
		  given->option->name, given->value ? "=" : "");
	print_value(e, prefix, given->value ? given->value : "",
		    given->where ? given->where : "command line");
}

/* A default without an option is that of the step as a whole. */
static void print_default(struct explanation *e, const struct step_default *def)
{
	char prefix[80];
	struct text text = text_in(prefix, sizeof(prefix));

	if (def->option)
		text_addf(&text, "%s=", def->option);
	print_value(e, prefix, def->value, "default");
}

static void print_defaults(struct explanation *e, const struct step_text *step,
			   bool any_given)
{
	for (const struct step_default *d = step->defaults; d->value; d++) {
		bool given = any_given;

		if (d->option)
			given = is_given(e->plan, d->option);
		if (!given)
			print_default(e, d);
	}
}

static void explain_step(void *context, const struct step_text *step)
{
	struct explanation *e = context;
	bool any_given = has_given(step, e->plan);

	if (!any_given && !step->defaults[0].value)
		return;
	print_step(e, step->name, step->reason);
	for (const struct plan_given *g = e->plan->given; g; g = g->next)
		if (step_acts_on(step, g))
			print_given(e, g);
	print_defaults(e, step, any_given);
}

int print_explanation(const struct plan *plan)
{
	struct explanation e = { .plan = plan };

	steps_visit(explain_step, &e);
	supervision_visit(plan, explain_step, &e);
	print_step(&e, "command", "along PATH, as it was given");
	for (char **word = plan->command; *word; word++)
		print_value(&e, "", *word, "command line");
	return output_end(&e.output);
}
