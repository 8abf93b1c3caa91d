/* The command lines of other tools: words, then the environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/compat.h"
#include "compat/profile.h"
#include "fuzz.h"
#include "lib/arena.h"

static bool is_last(const struct profile_option *option)
{
	return !option->letter && !option->name;
}

/* Whether LETTER takes a value; -1: PROFILE has no such letter. */
static int takes_value(const struct profile *profile, char letter)
{
	for (const struct profile_option *o = profile->options; !is_last(o);
	     o++)
		if (o->letter == letter)
			return o->metavar != NULL;
	return -1;
}

/* Adds "-abc VALUE" for what stands in WORD as "-a", "-b", "-cVALUE". */
static bool add_apart(struct list *list, const struct profile *profile,
		      const char *word, bool *value_follows)
{
	for (const char *at = word + 1; *at; at++) {
		int takes = takes_value(profile, *at);

		if (takes < 0)
			return false;
		list_add(list, arena_printf("-%c", *at));
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
static bool take_apart(const struct list *argv, const struct profile *profile,
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
			if (!add_apart(apart, profile, word, &value))
				return false;
			continue;
		}
		value = false;
		list_add(apart, word);
	}
	return true;
}

/* What is on by rind's own defaults is not under another name. */
static void check_profile_plan(const struct profile *profile,
			       const struct plan *plan)
{
	if (plan->identity.refuse_root || plan->confinement.drop_capabilities ||
	    plan->confinement.lock_securebits ||
	    plan->confinement.new_keyring || plan->process.close_descriptors ||
	    plan->supervision.out_of_reach || plan->cures_name_options)
		wrong("rind's own defaults under another name");
	if (profile->user_first &&
	    (!plan->supervision.exec || !plan->identity.user))
		wrong("no user, or not in rind's place");
	if (!plan->supervision.pause && !*plan->command)
		wrong("no command");
	for (int i = 0; i < SETS; i++)
		if (plan->confinement.changes[i].set &
		    plan->confinement.changes[i].clear)
			wrong("both set and clear");
	if (memcmp(&plan->exit_codes, &profile->exit_codes,
		   sizeof(plan->exit_codes)) != 0)
		wrong("other exit codes");
}

void run_name(const struct target *target, char *input, size_t size)
{
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list words = words_of(part, length);
	struct list variables = words_of(input, size);
	const struct profile *profile = profile_find(target->name);
	struct list argv = { 0 };
	struct list apart = { 0 };
	struct plan plans[2];
	bool read;

	if (variables.items)
		environ = variables.items;
	list_add(&argv, arena_printf("/usr/bin/%s", target->name));
	for (size_t i = 0; i < words.length; i++)
		list_add(&argv, words.items[i]);
	read = read_words(argv, &plans[0]);
	if (read)
		check_profile_plan(profile, &plans[0]);
	check_output();
	if (profile->user_first || !take_apart(&argv, profile, &apart))
		return;
	if (read_words(apart, &plans[1]) != read)
		wrong("letters together and apart are not the same");
	if (read)
		check_same(&plans[0], &plans[1], true, "letters apart");
}

/* The options and variables of the tool that TARGET is the name of. */
void tell_profile(const struct target *target, void (*tell)(const char *word))
{
	const struct profile *profile = profile_find(target->name);

	if (!profile)
		return;
	for (const struct profile_option *o = profile->options; !is_last(o);
	     o++) {
		if (o->letter)
			tell(arena_printf("-%c", o->letter));
		if (o->name)
			tell(arena_printf("--%s%s", o->name,
					  o->metavar ? "=" : ""));
	}
	for (const struct profile_variable *v = profile->variables;
	     v && v->name; v++)
		tell(arena_printf("%s=%s", v->name, v->value ? v->value : ""));
}
