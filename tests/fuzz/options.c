/* The command line, config files and single options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command_line.h"
#include "cli/option_tables.h"
#include "compat/compat.h"
#include "fuzz.h"
#include "lib/arena.h"
#include "setup/namespaces/unshare.h"

/* As init.c does it. */
static enum reading read_arguments(int argc, char **argv, struct plan *plan,
				   struct error *error)
{
	const struct profile *profile = profile_find(argv[0]);
	int exit_code = -1;
	enum reading reading = profile ? compat_read(profile, argc, argv, plan,
						     &exit_code, error)
				       : command_line_read(argc, argv, plan,
							   &exit_code, error);

	has_answered |= reading == READING_ANSWERED;
	if (reading == READING_ANSWERED && (exit_code < 0 || exit_code > 1))
		wrong("answered with exit code %d", exit_code);
	return reading;
}

bool read_words(struct list argv, struct plan *plan)
{
	/* Of its own size, so that a word too many is seen. */
	char **words = arena_alloc_array(argv.length + 1, sizeof(*words));
	struct error error;
	enum reading reading;

	memcpy(words, argv.items, argv.length * sizeof(*words));
	memset(&error, 0xa5, sizeof(error));
	*plan = (struct plan){ 0 };
	reading = read_arguments((int)argv.length, words, plan, &error);
	if (reading == READING_FAILED)
		check_error(&error);
	if (reading != READING_PLAN)
		return false;
	if (plan->command < words || plan->command > words + argv.length)
		wrong("the command is none of the words");
	if (namespaces_check(plan, &error))
		check_error(&error);
	return true;
}

void run_command_line(const struct target *target, char *input, size_t size)
{
	size_t length;
	const char *line = next_part(&input, &size, &length);
	struct list words = words_of(line, length);
	struct list argv = { 0 };
	struct plan plan;

	(void)target;
	add_file("conf", input, size);
	list_add(&argv, "rind");
	for (size_t i = 0; i < words.length; i++)
		list_add(&argv, words.items[i]);
	if (read_words(argv, &plan))
		check_plan(&plan);
}

void run_config(const struct target *target, char *input, size_t size)
{
	struct list argv = { 0 };
	struct plan plan;

	(void)target;
	add_file("conf", input, size);
	list_add(&argv, "rind");
	list_add(&argv, "--config=conf");
	list_add(&argv, "app");
	if (read_words(argv, &plan))
		check_plan(&plan);
}

/* Whether NAME with VALUE can be read; where it can, there is a plan. */
static bool read_one(const char *form, const char *name, const char *value,
		     struct plan *plan)
{
	struct list argv = { 0 };

	list_add(&argv, "rind");
	if (!strcmp(form, "a file")) {
		add_in_file(&argv, name, value);
	} else if (!strcmp(form, "two words") && value) {
		list_add(&argv, arena_printf("--%s", name));
		list_add(&argv, value);
	} else {
		add_option(&argv, name, value);
	}
	list_add(&argv, "--");
	list_add(&argv, "app");
	return read_words(argv, plan);
}

/* A name in the first line; the rest, if there is one, is the value. */
void run_option(const struct target *target, char *input, size_t size)
{
	char *value = memchr(input, '\n', size);
	const struct option *option;
	struct plan plans[2];
	bool read;

	(void)target;
	if (value)
		*value++ = '\0';
	option = option_by_name(input, strlen(input));
	read = read_one("one word", input, value, &plans[0]);
	if (read)
		check_plan(&plans[0]);
	/* Without its value it would take the next word. */
	if (!option || (option->kind != OPTION_SWITCH &&
			!(option->kind == OPTION_VALUE && value)))
		return;
	if (option->metavar && !option->value_optional) {
		if (read_one("two words", input, value, &plans[1]) != read)
			wrong("one word or two is not the same");
		if (read)
			check_same(&plans[0], &plans[1], true, "two words");
	}
	if (!fits_config(value))
		return;
	if (read_one("a file", input, value, &plans[1]) != read)
		wrong("a line and a file are not the same");
	if (read)
		check_same(&plans[0], &plans[1], false, "a file");
}

bool is_about(const struct target *target, const char *word)
{
	return strstr(arena_printf(",%s,", target->about),
		      arena_printf(",%.*s,", (int)strcspn(word, "="), word));
}

/* No "." or ".." and no relative path can come out of it. */
static void check_target_path(const char *path)
{
	char *slashed = arena_printf("%s/", path);

	if (*path != '/' || strstr(slashed, "/./") || strstr(slashed, "/../"))
		wrong("a target like this: %s", path);
}

static void check_mounts(const struct plan_mount *mount, bool covers)
{
	for (; mount; mount = mount->next) {
		check_target_path(mount->target);
		if (mount->kind < 0 || mount->kind >= MOUNT_KINDS)
			wrong("a mount of kind %d", (int)mount->kind);
		if (!covers && !mount->source != (mount->kind != MOUNT_BIND))
			wrong("a source where there is none, or none");
		if ((mount->source && *mount->source != '/') ||
		    (mount->lower && *mount->lower != '/'))
			wrong("a relative path");
		if (mount->attributes & ~0xfU)
			wrong("attributes %#x", mount->attributes);
		/* It has more room than it needs: what fills it was cut off. */
		if (mount->data.length >= mount->data.size - 1 ||
		    mount->data.length != strlen(mount->data.data) ||
		    strstr(mount->data.data, ",,"))
			wrong("data like this: %s", mount->data.data);
	}
}

/* Lines of options, of those alone that the target is ABOUT. */
static struct list some_options(const struct target *target, const char *part,
				size_t length)
{
	struct list words = words_of(part, length);
	struct list argv = { 0 };

	list_add(&argv, "rind");
	for (size_t i = 0; i < words.length; i++)
		if (is_about(target, words.items[i]))
			list_add(&argv, arena_printf("--%s", words.items[i]));
	list_add(&argv, "app");
	return argv;
}

void run_options(const struct target *target, char *input, size_t size)
{
	struct plan plan;

	if (!read_words(some_options(target, input, size), &plan))
		return;
	check_mounts(plan.mounts.mounts, false);
	check_mounts(plan.mounts.masks, true);
	check_mounts(plan.mounts.protects, true);
	check_plan(&plan);
}

/* The words of a text for people: "main", "group" of "main|group|all". */
static void tell_words(const char *text, void (*tell)(const char *word))
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";

	while (*(text += strcspn(text, letters))) {
		size_t length = strspn(text, letters);

		tell(arena_strndup(text, length));
		text += length;
	}
}

/*
 * A new option is in the dictionary by being in its table, as are its values
 * where its metavar or its help lists them.
 */
void tell_options(const struct target *target, void (*tell)(const char *word))
{
	bool line = target->run == run_command_line;
	bool any = line || target->run == run_config ||
		   target->run == run_option;
	const struct option *option;

	for (size_t place = 0; (option = option_at(place)); place++) {
		const char *behind = "\n";

		if (!any && !is_about(target, option->name))
			continue;
		if (option->metavar && target->run != run_option)
			behind = target->run == run_config ? " " : "=";
		tell(arena_printf("%s%s%s", line ? "--" : "", option->name,
				  behind));
		if (option->metavar) {
			tell_words(option->metavar, tell);
			tell_words(option->help, tell);
		}
	}
}
