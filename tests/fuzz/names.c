/* The command lines of other tools: words, then the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/words.h"
#include "cli/command_line.h"
#include "compat/profile.h"
#include "fuzz.h"

/* Whether LETTER of TOOL takes a value; -1: it has no such letter. */
static int takes_value(const struct tool *tool, char letter)
{
	for (const char *row = tool->options; *row; row = word_at(row, 2))
		if (*row == letter && !strchr(" $", letter))
			return strchr(":=", *word_at(row, 1)) != NULL;
	return -1;
}

/* Adds "-abc VALUE" for what stands in WORD as "-a", "-b", "-cVALUE". */
static bool add_apart(struct list *list, const struct tool *tool,
		      const char *word, bool *value_follows)
{
	for (const char *at = word + 1; *at; at++) {
		int takes = takes_value(tool, *at);
		char *option = strdup("-x");

		if (takes < 0)
			return false;
		option[1] = *at;
		list_add(list, option);
		if (!takes)
			continue;
		*value_follows = !at[1];
		if (at[1])
			list_add(list, at + 1);
		break;
	}
	return true;
}

/* The same command line with each letter by itself; false: it has none such. */
static bool take_apart(const struct list *argv, const struct tool *tool,
		       struct list *apart)
{
	bool value = false;
	bool options = true;

	list_add(apart, argv->items[0]);
	for (size_t i = 1; i < argv->length; i++) {
		const char *word = argv->items[i];
		bool first = options && !value;

		if (first && (*word != '-' || !word[1] || !strcmp(word, "--")))
			options = false;
		else if (first && word[1] == '-' && !strchr(word, '='))
			return false; /* a long one may take the next word */
		if (first && options && word[1] != '-') {
			if (!add_apart(apart, tool, word, &value))
				return false;
			continue;
		}
		value = false;
		list_add(apart, word);
	}
	return true;
}

static void check_tool_plan(const struct tool *tool, const struct plan *plan)
{
	if (plan->quirks >> 18)
		wrong("quirks %#x", plan->quirks);
	if (!(plan->quirks & QUIRK_AS_IT_IS))
		wrong("rind's own defaults under another name");
	if (plan->quirks & QUIRK_USER_FIRST &&
	    (!plan->supervision.exec || !plan->user))
		wrong("no user, or not in rind's place");
	if (!(plan->quirks & QUIRK_PAUSE) && !*plan->command)
		wrong("no command");
	for (int i = 0; i < SETS; i++)
		if (plan->changes[i].set & plan->changes[i].clear)
			wrong("both set and clear");
	for (int i = 0; i < 3; i++)
		if (plan->exits[i] != tool->exits[i])
			wrong("other exit codes");
}

void run_name(const struct target *target, char *input, size_t size)
{
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list words = words_of(part, length);
	struct list variables = words_of(input, size);
	const struct tool *tool = tool_find(target->name);
	struct list argv = { 0 };
	struct list apart = { 0 };
	struct plan plans[2];
	bool read;

	if (variables.items)
		environ = variables.items;
	list_add(&argv, "/usr/bin/");
	argv.items[0] = malloc(strlen(target->name) + 10);
	sprintf(argv.items[0], "/usr/bin/%s", target->name);
	for (size_t i = 0; i < words.length; i++)
		list_add(&argv, words.items[i]);
	read = read_words(argv, &plans[0]);
	if (read)
		check_tool_plan(tool, &plans[0]);
	check_printable("output", strtok(strdup(output()), "\n") ?: "");
	if (tool->quirks & QUIRK_USER_FIRST || !take_apart(&argv, tool, &apart))
		return;
	if (read_words(apart, &plans[1]) != read)
		wrong("letters together and apart are not the same");
	if (read)
		check_same(&plans[0], &plans[1], true, "letters apart");
}
