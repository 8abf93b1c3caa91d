/*
 * --explain: what would be done, in order, from the tables that do it.
 */
#include <string.h>

#include "base/packed.h"
#include "base/words.h"
#include "cli/cli.h"
#include "setup/setup.h"

enum {
	VALUE_SHOWN = 300,
	/* A value and its place with all escaped, "\\x9b", and cut: "...". */
	LINE_MAX_SHOWN = 2 * (4 * VALUE_SHOWN + 3) + 60
};

struct explanation {
	const struct plan *plan;
	int number;
	int failed; /* stdout cannot be written */
};

/*
 * Whether LIST, items that SEPARATOR divides, holds NAME: alone, or as
 * "NAME=WORD". Returns what is behind the name, else NULL.
 */
static const char *find_item(const char *list, const char *separator,
			     const char *name)
{
	size_t length = strlen(name);

	while (list && *list) {
		if (!strncmp(list, name, length) && strchr(",=", list[length]))
			return list + length;
		list += strcspn(list, separator);
		list += *list != '\0';
	}
	return NULL;
}

/* "unshare=net" is an --unshare that lists net, or all. */
static bool acts_on(const char *step, const struct plan_given *g)
{
	const char *word = find_item(word_at(step, STEP_OPTIONS), ",",
				     g->option->name);

	return word && (*word != '=' || find_item(g->value, ",", word + 1) ||
			find_item(g->value, ",", "all"));
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
	text_form(&text, ". %: ", name, NULL, NULL);
	text_add_packed(&text, reason);
	text_add(&text, "\n");
	print_text(e, &text);
}

/* "      --name=value  (where)" */
static void print_value(struct explanation *e, const char *option,
			const char *value, const char *where)
{
	char line[LINE_MAX_SHOWN];
	struct text text = text_in(line, sizeof(line));

	text_form(&text, option ? "      --%%" : "      ", option,
		  value ? "=" : "", NULL);
	text_add_escaped(&text, value ? value : "", VALUE_SHOWN);
	text_add(&text, "  (");
	text_add_escaped(&text, where, VALUE_SHOWN);
	text_add(&text, ")\n");
	print_text(e, &text);
}

static bool is_given(const struct plan *plan, const char *step,
		     const char *list)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (list ? find_item(list, ";", g->option->name) != NULL
			 : acts_on(step, g))
			return true;
	return false;
}

/*
 * What STEP does of itself: "WHAT" where none of its options is given, or
 * "NAME=WHAT; NAME=WHAT", each where that option is not.
 */
static void print_standards(struct explanation *e, const char *step, bool given)
{
	char item[80];

	for (const char *at = word_at(step, STEP_STANDARD); *at;
	     at += strspn(at, "; ")) {
		size_t length = strcspn(at, ";");

		memcpy(item, at, length);
		item[length] = '\0';
		at += length;
		if (strchr(item, '=') ? !is_given(e->plan, step, item) : !given)
			print_value(e, NULL, item, "default");
	}
}

static void explain_step(void *context, const char *step)
{
	struct explanation *e = context;
	bool given = is_given(e->plan, step, NULL);

	if (!given && !*word_at(step, STEP_STANDARD))
		return;
	print_step(e, step, word_at(step, STEP_REASON));
	for (const struct plan_given *g = e->plan->given; g; g = g->next)
		if (acts_on(step, g))
			print_value(e, g->option->name, g->value,
				    g->where ? g->where : "command line");
	print_standards(e, step, given);
}

/* What the supervisor keeps to; the steps above are over by then. */
/* clang-format off */
static const char supervision[] =
	"parent\0parent-death\0\0"
	TEXT("armed after the last change of ids") "\0"
	"exec\0exec\0\0" TEXT("the app takes rind's place") "\0"
	"PID 1\0\0CAP_KILL or nothing, no_new_privs, not dumpable\0"
	TEXT("out of the app's reach before its first instruction") "\0"
	"signals\0forward-to,rewrite\0forward-to=main; rewrite=none\0"
	TEXT("each reaches the app once") "\0"
	"stop\0stop-delay,stop-timeout\0stop-delay=0; stop-timeout=never\0"
	TEXT("from the first stop signal on") "\0"
	"end\0wait,stop-grace\0wait=main; stop-grace=5s\0"
	TEXT("what the app leaves is asked first, and killed last") "\0"
	"exit code\0success\0the app's own\0" TEXT("128+N for signal N") "\0";
/* clang-format on */

int explain(const struct plan *plan)
{
	struct explanation e = { .plan = plan };
	int row = 0;

	steps_tell(explain_step, &e);
	/* Without a supervisor the first two are all. */
	for (const char *step = supervision;
	     *step && (row++ < 2 || !plan->supervision.exec);
	     step = word_at(step, STEP_WORDS))
		explain_step(&e, step);
	print_step(&e, "command", "along PATH, as it was given");
	for (char **word = plan->command; *word; word++)
		print_value(&e, NULL, *word, "command line");
	return e.failed;
}
