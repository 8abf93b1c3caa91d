/*
 * The names of other tools. This file knows the grammar that they share,
 * getopt(3)'s without its reordering: the words behind the command are the
 * command's.
 */
#include "compat/compat.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/parser.h"
#include "compat/profile.h"
#include "lib/arena.h"
#include "lib/output.h"
#include "lib/text.h"

static const struct profile *const profiles[] = {
	&tini_profile, &dumb_init_profile, &catatonit_profile, &pause_profile,
	&gosu_profile, &su_exec_profile,   &setpriv_profile,
};

enum {
	PROFILE_OPTIONS_MAX = 32,
	/* A mistake on the command line, whatever the tool. */
	EXIT_USAGE = 1
};

struct compat {
	const struct profile *profile;
	struct parser parser;
	bool given[PROFILE_OPTIONS_MAX]; /* by row */
	bool answered;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const struct profile *profile_find(const char *path)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		for (const char *const *name = profiles[i]->names; *name;
		     name++)
			if (!strcmp(*name, base_name(path)))
				return profiles[i];
	return NULL;
}

static bool is_end(const struct profile_option *option)
{
	return !option->letter && !option->name;
}

static const struct profile_option *find_letter(const struct profile *profile,
						char letter)
{
	for (const struct profile_option *o = profile->options; !is_end(o); o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* By its name of LENGTH, or by the first letters, where they tell enough. */
static const struct profile_option *find_name(const struct profile *profile,
					      const char *name, size_t length)
{
	const struct profile_option *found = NULL;
	bool ambiguous = false;

	for (const struct profile_option *o = profile->options; !is_end(o);
	     o++) {
		if (!o->name || strncmp(o->name, name, length))
			continue;
		if (!o->name[length])
			return o;
		ambiguous = found;
		found = o;
	}
	return length && !ambiguous ? found : NULL;
}

/* "as --forward-to=group", or what it does. */
static void print_action(struct output *output, const char *help,
			 const struct profile_action *action,
			 const char *metavar)
{
	const char *value = action->value ? action->value : metavar;

	if (help)
		output_addf(output, "  %s\n", help);
	else
		output_addf(output, "  as --%s%s%s\n", action->option,
			    value ? "=" : "", value ? value : "");
}

static int print_help(const struct profile *profile)
{
	struct output output = { 0 };

	output_addf(&output,
		    "%s%s\nrind in its place; for \"as --\" see rind --help.\n",
		    profile->names[0], profile->usage);
	for (const struct profile_option *o = profile->options; !is_end(o);
	     o++) {
		output_add(&output, "  ");
		if (o->letter)
			output_addf(&output, "-%c", o->letter);
		if (o->name)
			output_addf(&output, "%s--%s", o->letter ? " " : "   ",
				    o->name);
		if (o->metavar && o->help)
			output_addf(&output, "=%s", o->metavar);
		print_action(&output, o->help, &o->action, o->metavar);
	}
	for (const struct profile_variable *v = profile->variables;
	     v && v->name; v++) {
		output_addf(&output, "   $%s%s%s", v->name, v->value ? "=" : "",
			    v->value ? v->value : "");
		print_action(&output, v->help, &v->action, NULL);
	}
	return output_end(&output);
}

static int print_version(const struct profile *profile)
{
	struct output output = { 0 };

	output_addf(&output, "%s%s (rind)\n", profile->version, RIND_VERSION);
	return output_end(&output);
}

/* rind's own option, for which the last one wins here. */
static int apply_own(struct compat *compat, const char *name, const char *value)
{
	struct parser *parser = &compat->parser;
	struct plan_supervision *supervision = &parser->plan->supervision;
	const struct option *option = option_by_name(name, strlen(name));

	if (option->kind == OPTION_ANSWER) {
		compat->answered = true;
		return option->answer(NULL, NULL, parser->error);
	}
	parser->given[option_place(option)] = ORIGIN_DEFAULT;
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		supervision->rewritten[signal] = ORIGIN_DEFAULT;
	return parser_apply(parser, option, value);
}

static int apply(struct compat *compat, const struct profile_action *action,
		 const char *value)
{
	const char *reason;

	if (action->value)
		value = action->value;
	if (action->option)
		return apply_own(compat, action->option, value);
	reason = action->read(compat->parser.plan, value);
	if (!reason)
		return 0;
	return parser_fail(&compat->parser, compat->parser.word, value, reason,
			   NULL);
}

static int apply_option(struct compat *compat,
			const struct profile_option *option, const char *value)
{
	bool *given = &compat->given[option - compat->profile->options];

	if (*given && !compat->profile->last_wins)
		return parser_fail(&compat->parser, compat->parser.word, value,
				   "given twice", NULL);
	*given = true;
	switch (option->answer) {
	case ANSWER_HELP:
		compat->answered = true;
		return print_help(compat->profile);
	case ANSWER_VERSION:
		compat->answered = true;
		return print_version(compat->profile);
	default:
		return apply(compat, &option->action, value);
	}
}

static int refuse(const struct compat *compat, const char *reason)
{
	return parser_fail(&compat->parser, compat->parser.word, NULL, reason,
			   NULL);
}

/* "--name", "--name=value": *USED counts the words. Returns 0 or -1. */
static int read_long(struct compat *compat, char **words, int *used)
{
	const char *name = words[0] + 2;
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;
	const struct profile_option *option = find_name(compat->profile, name,
							length);

	compat->parser.word = arena_strndup(words[0], 2 + length);
	if (!option)
		return refuse(compat, "unknown option");
	if (option->metavar && !value) {
		value = words[1];
		*used = 2;
	}
	if (option->metavar ? !value : value != NULL)
		return refuse(compat, "needs a value, or takes none");
	return apply_option(compat, option, value);
}

/* "-abc", of which the last may take a value, behind it or as a word. */
static int read_letters(struct compat *compat, char **words, int *used)
{
	for (const char *at = words[0] + 1; *at && !compat->answered; at++) {
		const struct profile_option *option =
			find_letter(compat->profile, *at);
		const char *value;

		compat->parser.word = arena_printf("-%c", *at);
		if (!option)
			return refuse(compat, "unknown option");
		if (!option->metavar) {
			if (apply_option(compat, option, NULL))
				return -1;
			continue;
		}
		value = at[1] ? at + 1 : words[1];
		*used = at[1] ? 1 : 2;
		return value ? apply_option(compat, option, value)
			     : refuse(compat, "needs a value, or takes none");
	}
	return 0;
}

/* They have no value and no answer, so none of them can fail. */
static void read_variables(struct compat *compat)
{
	for (const struct profile_variable *v = compat->profile->variables;
	     v && v->name; v++) {
		const char *value = getenv(v->name);

		if (!value || (v->value && strcmp(value, v->value)))
			continue;
		compat->parser.word = v->name;
		apply(compat, &v->action, NULL);
	}
}

static void begin(const struct profile *profile, struct plan *plan)
{
	*plan = (struct plan){
		.exit_codes = profile->exit_codes,
		.reading = ORIGIN_COMMAND_LINE,
		.confinement.allow_new_privs = true,
		.supervision.keep_streams = true,
	};
	plan_forward_all(plan);
	for (const uint8_t *signal = profile->swallowed; signal && *signal;
	     signal++)
		plan->supervision.rewrite[*signal] = 0;
	profile->begin(plan);
}

/* Returns how many words are options, or -1. */
static int read_options(struct compat *compat, int argc, char **argv)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-' && argv[at][1] &&
	       !compat->answered) {
		int used = 1;

		/* Any other first word is a user. */
		if (compat->profile->user_first && argc != 2)
			break;
		if (!strcmp(argv[at], "--"))
			return at + 1;
		if (argv[at][1] == '-' ? read_long(compat, argv + at, &used)
				       : read_letters(compat, argv + at, &used))
			return -1;
		at += used;
	}
	return at;
}

enum reading compat_read(const struct profile *profile, int argc, char **argv,
			 struct plan *plan, int *exit_code, struct error *error)
{
	struct compat compat = { .profile = profile,
				 .parser = { .plan = plan,
					     .error = error,
					     .tool = base_name(argv[0]) } };
	const char *reason = NULL;
	int at;

	begin(profile, plan);
	read_variables(&compat);
	at = read_options(&compat, argc, argv);
	if (at >= 0 && compat.answered) {
		*exit_code = 0;
		return READING_ANSWERED;
	}
	if (at >= 0) {
		plan->command = argv + at;
		if (plan->supervision.pause)
			return READING_PLAN;
		if (!*plan->command)
			reason = "no command to run";
		else if (profile->finish)
			reason = profile->finish(plan);
		if (!reason)
			return READING_PLAN;
		parser_fail(&compat.parser, "command line", NULL, reason, NULL);
	}
	error->status = EXIT_USAGE;
	return READING_FAILED;
}
