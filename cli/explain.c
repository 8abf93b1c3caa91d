/*
 * --explain: what would be done, in order, from the tables that do it.
 */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "setup/setup.h"

enum {
	VALUE_SHOWN = 300
};

struct explanation {
	const struct plan *plan;
	int number;
	int failed; /* stdout cannot be written */
};

static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		size_t item = strcspn(list, ",");

		if (item == length && !memcmp(list, name, length))
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

static void print_text(struct explanation *e, const struct text *text)
{
	e->failed |= print(text->data, text->length);
}

static void print_step(struct explanation *e, const char *name,
		       const char *reason)
{
	char line[300];
	struct text text = text_in(line, sizeof(line));

	if (++e->number < 10)
		text_add(&text, " ");
	text_add_number(&text, e->number);
	text_add(&text, ". ");
	text_add(&text, name);
	text_add(&text, ": ");
	text_add(&text, reason);
	text_add(&text, "\n");
	print_text(e, &text);
}

/* "      --name=value  (where)" */
static void print_value(struct explanation *e, const char *option,
			const char *value, const char *where)
{
	char line[800];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "      ");
	if (option) {
		text_add(&text, "--");
		text_add(&text, option);
	}
	if (option && value)
		text_add(&text, "=");
	if (value)
		text_add_escaped(&text, value, VALUE_SHOWN);
	text_add(&text, "  (");
	text_add_escaped(&text, where, VALUE_SHOWN);
	text_add(&text, ")\n");
	print_text(e, &text);
}

static bool is_given(const struct plan *plan, const char *options)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (is_listed(options, g->option->name))
			return true;
	return false;
}

static void explain_step(void *context, const struct step_words *step)
{
	struct explanation *e = context;
	bool given = is_given(e->plan, step->options);

	if (!given && !step->standard)
		return;
	print_step(e, step->name, step->reason);
	for (const struct plan_given *g = e->plan->given; g; g = g->next)
		if (is_listed(step->options, g->option->name))
			print_value(e, g->option->name, g->value,
				    g->where ? g->where : "command line");
	if (!given)
		print_value(e, NULL, step->standard, "default");
}

/* What the supervisor keeps to; the steps above are over by then. */
static const struct step_words supervision[] = {
	{ "exec", "exec", NULL, "the app takes rind's place" },
	{ "PID 1", NULL, "CAP_KILL or nothing, no_new_privs, not dumpable",
	  "out of the app's reach before its first instruction" },
	{ "signals", "forward-to,rewrite", "forward-to=main",
	  "each reaches the app once" },
	{ "stop", "stop-delay,stop-timeout", "no delay, no timeout",
	  "from the first stop signal on" },
	{ "end", "wait,stop-grace", "wait=main, stop-grace=5s",
	  "what the app leaves is asked first, and killed last" },
	{ "exit code", "success", "the app's own", "128+N for signal N" },
	{ "parent", "parent-death", NULL,
	  "armed after the last change of ids" },
};

int explain(const struct plan *plan)
{
	struct explanation e = { .plan = plan };

	steps_tell(explain_step, &e);
	for (size_t i = 0; i < sizeof(supervision) / sizeof(*supervision); i++)
		if (!plan->supervision.exec || i == 0)
			explain_step(&e, &supervision[i]);
	print_step(&e, "command", "along PATH, as it was given");
	for (char **word = plan->command; *word; word++)
		print_value(&e, NULL, *word, "command line");
	return e.failed;
}
