/*
 * The command lines of other tools. They share a grammar, which is getopt(3)'s
 * but for one thing: the first word that is no option ends the options.
 */
#include "compat/compat.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_tables.h"
#include "cli/parser.h"
#include "compat/profile.h"
#include "lib/arena.h"
#include "lib/array.h"
#include "lib/output.h"

/* Each is in the file of its tool. */
extern const struct profile tini_profile, dumb_init_profile, catatonit_profile,
	pause_profile, gosu_profile, su_exec_profile, setpriv_profile;

static const struct profile *const profiles[] = {
	&tini_profile, &dumb_init_profile, &catatonit_profile, &pause_profile,
	&gosu_profile, &su_exec_profile,   &setpriv_profile,
};

/* Of every tool, for a mistake on the command line. */
enum {
	EXIT_USAGE = 1
};

struct compat {
	const struct profile *profile;
	struct parser parser;
	bool *given;   /* the options so far, by row of the profile */
	bool answered; /* as --help is: there is nothing else to do */
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool has_name(const struct profile *profile, const char *name)
{
	for (const char *const *own = profile->names; *own; own++)
		if (!strcmp(*own, name))
			return true;
	return false;
}

const struct profile *profile_find(const char *path)
{
	for (size_t i = 0; i < ARRAY_LENGTH(profiles); i++)
		if (has_name(profiles[i], base_name(path)))
			return profiles[i];
	return NULL;
}

/* Whether OPTION is the row of zeros. */
static bool is_end(const struct profile_option *option)
{
	return !option->letter && !option->name;
}

static size_t count_options(const struct profile *profile)
{
	size_t count = 0;

	while (!is_end(&profile->options[count]))
		count++;
	return count;
}

static const struct profile_option *find_letter(const struct profile *profile,
						char letter)
{
	for (const struct profile_option *o = profile->options; !is_end(o); o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* NAME, of LENGTH bytes, may be cut short where it is that of one option. */
static const struct profile_option *find_name(const struct profile *profile,
					      const char *name, size_t length)
{
	const struct profile_option *found = NULL;
	int matches = 0;

	if (!length)
		return NULL;
	for (const struct profile_option *o = profile->options; !is_end(o);
	     o++) {
		if (!o->name || strncmp(o->name, name, length))
			continue;
		if (!o->name[length])
			return o;
		found = o;
		matches++;
	}
	return matches == 1 ? found : NULL;
}

/* HELP, or "as --forward-to=group". */
static void print_action(struct output *output, const char *help,
			 const struct profile_action *action,
			 const char *metavar)
{
	const char *value = action->value ? action->value : metavar;

	if (help)
		output_addf(output, "  %s\n", help);
	else if (value)
		output_addf(output, "  as --%s=%s\n", action->option, value);
	else
		output_addf(output, "  as --%s\n", action->option);
}

static void print_option(struct output *output,
			 const struct profile_option *option)
{
	if (option->letter)
		output_addf(output, "  -%c", option->letter);
	else
		output_add(output, "    ");
	if (option->name)
		output_addf(output, " --%s", option->name);
	if (option->metavar && option->help)
		output_addf(output, "=%s", option->metavar);
	print_action(output, option->help, &option->action, option->metavar);
}

static void print_variable(struct output *output,
			   const struct profile_variable *variable)
{
	output_addf(output, "   $%s", variable->name);
	if (variable->value)
		output_addf(output, "=%s", variable->value);
	print_action(output, variable->help, &variable->action, NULL);
}

static int end_answer(const struct compat *compat, struct output *output)
{
	if (output_end(output))
		return parser_fail(&compat->parser, "stdout", NULL,
				   "cannot be written", NULL);
	return 0;
}

static int answer_help(const struct compat *compat)
{
	const struct profile *profile = compat->profile;
	struct output output = { 0 };

	output_addf(&output, "%s %s\n", profile->names[0], profile->usage);
	output_add(&output,
		   "This is rind, which takes the place of that tool. \"as "
		   "--OPTION\": see rind --help.\n");
	for (const struct profile_option *o = profile->options; !is_end(o); o++)
		print_option(&output, o);
	for (const struct profile_variable *v = profile->variables;
	     v && v->name; v++)
		print_variable(&output, v);
	return end_answer(compat, &output);
}

static int answer_version(const struct compat *compat)
{
	struct output output = { 0 };

	output_addf(&output, "%s%s (rind)\n", compat->profile->version_prefix,
		    RIND_VERSION);
	return end_answer(compat, &output);
}

/* An error about the option that is being read. */
static int refuse(const struct compat *compat, const char *value,
		  const char *reason)
{
	return parser_fail(&compat->parser, compat->parser.word, value, reason,
			   NULL);
}

/* Gives rind's option NAME. VALUE may be NULL. */
static int apply_own(struct compat *compat, const char *name, const char *value)
{
	struct parser *parser = &compat->parser;
	struct plan_supervision *supervision = &parser->plan->supervision;
	const struct option *option = option_by_name(name, strlen(name));

	if (option->kind == OPTION_ANSWER) {
		compat->answered = true;
		return option->answer(NULL, NULL, parser->error);
	}
	/* --rewrite itself refuses a signal that is given twice. */
	for (int signal = 1; signal <= SIGNAL_MAX; signal++)
		supervision->rewritten[signal] = PLACE_DEFAULT;
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
	return reason ? refuse(compat, value, reason) : 0;
}

static int apply_option(struct compat *compat,
			const struct profile_option *option, const char *value)
{
	bool *given = &compat->given[option - compat->profile->options];

	if (*given && !compat->profile->last_wins)
		return refuse(compat, value, "given twice");
	*given = true;
	switch (option->answer) {
	case ANSWER_HELP:
		compat->answered = true;
		return answer_help(compat);
	case ANSWER_VERSION:
		compat->answered = true;
		return answer_version(compat);
	case ANSWER_NONE:
		break;
	}
	return apply(compat, &option->action, value);
}

/*
 * WORDS[0] is "--name" or "--name=value"; a value may also be WORDS[1]. Returns
 * how many words that are, or -1.
 */
static int read_long(struct compat *compat, char **words)
{
	const char *name = words[0] + strlen("--");
	size_t length = strcspn(name, "=");
	const char *value = name[length] ? name + length + 1 : NULL;
	const struct profile_option *option = find_name(compat->profile, name,
							length);
	int used = 1;

	compat->parser.word = arena_strndup(words[0], strlen("--") + length);
	if (!option)
		return refuse(compat, NULL, "unknown option");
	if (value && !option->metavar)
		return refuse(compat, NULL, "takes no value");
	if (option->metavar && !value) {
		value = words[1];
		used = 2;
		if (!value)
			return refuse(compat, NULL, "needs a value");
	}
	return apply_option(compat, option, value) ? -1 : used;
}

/*
 * WORDS[0] is "-abc"; the value of an option is the rest of the word, or
 * WORDS[1]. Returns how many words that are, or -1.
 */
static int read_letters(struct compat *compat, char **words)
{
	for (const char *at = words[0] + 1; *at && !compat->answered; at++) {
		const struct profile_option *option =
			find_letter(compat->profile, *at);
		const char *value = NULL;

		compat->parser.word = arena_printf("-%c", *at);
		if (!option)
			return refuse(compat, NULL, "unknown option");
		if (option->metavar) {
			value = at[1] ? at + 1 : words[1];
			if (!value)
				return refuse(compat, NULL, "needs a value");
		}
		if (apply_option(compat, option, value))
			return -1;
		if (value)
			return at[1] ? 1 : 2;
	}
	return 1;
}

/* No variable has a value or an answer, so none of them can fail. */
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

/* Returns how many words stand before the command, or -1. */
static int read_options(struct compat *compat, int argc, char **argv)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-' && argv[at][1] &&
	       !compat->answered) {
		int used;

		if (compat->profile->user_first && argc != 2)
			break;
		if (!strcmp(argv[at], "--"))
			return at + 1;
		if (argv[at][1] == '-')
			used = read_long(compat, argv + at);
		else
			used = read_letters(compat, argv + at);
		if (used < 0)
			return -1;
		at += used;
	}
	return at;
}

static void begin(const struct profile *profile, struct plan *plan)
{
	*plan = (struct plan){
		.exit_codes = profile->exit_codes,
		.reading = PLACE_COMMAND_LINE,
		.confinement.allow_new_privs = true,
		.supervision.keep_streams = true,
	};
	plan_forward_all(plan);
	for (const uint8_t *signal = profile->swallowed; signal && *signal;
	     signal++)
		plan->supervision.rewrite[*signal] = 0;
	profile->begin(plan);
}

/* When all options are read: returns NULL or what is wrong. */
static const char *finish(const struct profile *profile, struct plan *plan)
{
	if (plan->supervision.pause)
		return NULL;
	if (!*plan->command)
		return "no command to run";
	return profile->finish ? profile->finish(plan) : NULL;
}

enum reading compat_read(const struct profile *profile, int argc, char **argv,
			 struct plan *plan, int *exit_code, struct error *error)
{
	struct compat compat = {
		.profile = profile,
		.parser = { .plan = plan,
			    .error = error,
			    .tool = base_name(argv[0]),
			    .last_wins = true },
		.given = arena_alloc_array(count_options(profile),
					   sizeof(bool)),
	};
	const char *reason;
	int at;

	begin(profile, plan);
	read_variables(&compat);
	at = read_options(&compat, argc, argv);
	if (at < 0) {
		error->status = EXIT_USAGE;
		return READING_FAILED;
	}
	if (compat.answered) {
		*exit_code = 0;
		return READING_ANSWERED;
	}
	plan->command = argv + at;
	reason = finish(profile, plan);
	if (reason) {
		parser_fail(&compat.parser, "command line", NULL, reason, NULL);
		error->status = EXIT_USAGE;
		return READING_FAILED;
	}
	return READING_PLAN;
}
