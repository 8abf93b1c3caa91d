/* The command line, config files and single options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/assertions.h"
#include "cli/command_line.h"
#include "compat/profile.h"
#include "cli/parser.h"
#include "fuzz.h"
#include "setup/namespaces/unshare.h"

/* --check: the words are read, and nothing is looked at. */
int __wrap_check(const char *how, char **words, struct error *error);
int __wrap_check(const char *how, char **words, struct error *error)
{
	struct asked asked;

	(void)how;
	for (; *words; words++)
		if (assertion_read(*words, &asked, error))
			return -1;
	return 0;
}

bool read_words(struct list argv, struct plan *plan)
{
	/* Of its own size, so that a word too many is seen. */
	char **words = calloc(argv.length + 1, sizeof(*words));
	struct error error;
	int result;

	memcpy(words, argv.items, argv.length * sizeof(*words));
	memset(&error, 0xa5, sizeof(error));
	*plan = (struct plan){ 0 };
	result = cli_read((int)argv.length, words, plan, &error);
	if (result < 0)
		check_error(&error);
	if (result)
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
		list_add(&argv, joined("--", name, ""));
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
	unsigned int place;
	const struct option *option;
	struct plan plans[2];
	bool read;

	(void)target;
	if (value)
		*value++ = '\0';
	option = parser_find(input, strlen(input), '\0', &place);
	read = read_one("one word", input, value, &plans[0]);
	if (read)
		check_plan(&plans[0]);
	/* Without its value it would take the next word. */
	if (!option || (!option->flag && !(option->read && value)))
		return;
	if (option->read) {
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

/* No "." or ".." and no relative path can come out of it. */
static void check_target_path(const char *path)
{
	char *slashed = joined(path, "/", "");

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
	char *about = joined(",", target->about, ",");

	list_add(&argv, "rind");
	for (size_t i = 0; i < words.length; i++) {
		char *word = words.items[i];
		char *name = strndup(word, strcspn(word, "="));

		if (strstr(about, joined(",", name, ",")))
			list_add(&argv, joined("--", word, ""));
	}
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

static bool is_about(const struct target *target, const char *name)
{
	return !*target->about ||
	       strstr(joined(",", target->about, ","), joined(",", name, ","));
}

void tell_options(const struct target *target, void (*tell)(const char *))
{
	const struct tool *tool = tool_find(target->name);
	const struct option *option;
	bool file = target->run == run_config || target->run == run_option;

	for (const char *row = tool ? tool->options : ""; *row;) {
		const char *name = row + 1;

		if (*row > '$')
			tell((char[]){ '-', *row, '\0' });
		if (*name)
			tell(joined(*row == '$' ? "" : "--", name, ""));
		row = name + strlen(name) + 1;
		row += strlen(row) + 1;
	}
	if (target->run != run_command_line && target->run != run_options &&
	    target->run != run_id_map && !file)
		return;
	for (unsigned int i = 0; (option = parser_option(i)); i++)
		if (is_about(target, option->name))
			tell(joined(target->run == run_command_line ? "--" : "",
				    option->name,
				    !option->read               ? "\n"
				    : target->run == run_option ? "\n"
				    : target->run == run_config ? " "
								: "="));
}
