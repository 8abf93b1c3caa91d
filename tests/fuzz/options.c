/*
 * The command line, config files and single options: what is a plan can be told
 * by --explain and read again, and it is the same by a file and by a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/assertions.h"
#include "cli/cli.h"
#include "cli/names/tool.h"
#include "cli/parser.h"
#include "fuzz.h"
#include "setup/namespaces.h"

enum {
	SHOWN = 300, /* so much of a value --explain shows */
	CONFIG_LINES = 1000,
	NAME_SIZE = 20,
};

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

static char *joined(const char *a, const char *b, const char *c)
{
	size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
	char *text = malloc(size);

	snprintf(text, size, "%s%s%s", a, b, c);
	return text;
}

static void add_option(struct list *argv, const char *name, const char *value)
{
	list_add(argv, joined("--", name, value ? joined("=", value, "") : ""));
}

/* Files of the name "again-N", a line added to the last or to a new one. */
struct configs {
	char *name, *text;
	int count;
	bool open;
};

static void end_config(struct configs *configs)
{
	if (configs->open)
		add_file(configs->name, configs->text, strlen(configs->text));
	configs->open = false;
}

static void add_line(struct configs *configs, struct list *argv,
		     const char *name, const char *value)
{
	char *line = joined(name, value ? " = " : "", value ? value : "");

	if (!configs->open) {
		configs->name = malloc(NAME_SIZE);
		snprintf(configs->name, NAME_SIZE, "again-%d",
			 configs->count++);
		add_option(argv, "config", configs->name);
		configs->text = strdup("");
		configs->open = true;
	}
	configs->text = joined(configs->text, line, "\n");
}

static void add_command(struct list *argv, char *const *words)
{
	list_add(argv, "--");
	for (; *words; words++)
		list_add(argv, *words);
}

static int hex(char digit)
{
	return digit >= 'a' ? digit - 'a' + 10 : digit - '0';
}

/* What text_add_escaped() has made, back. */
static char *unescaped(const char *text, size_t length)
{
	static const char letters[] = "abtnvfr";
	const char *end = text + length;
	char *data = malloc(length + 1);
	char *to = data;

	while (text < end) {
		const char *letter;

		if (*text != '\\') {
			*to++ = *text++;
			continue;
		}
		letter = text[1] ? strchr(letters, text[1]) : NULL;
		if (text[1] == 'x') {
			*to++ = (char)(hex(text[2]) << 4 | hex(text[3]));
			text += 2;
		} else if (letter) {
			*to++ = (char)('\a' + (letter - letters));
		} else {
			*to++ = text[1];
		}
		text += 2;
	}
	*to = '\0';
	return data;
}

/* The command line that --explain's output tells of, and its config files. */
struct told {
	struct list argv;
	struct list command;
	struct configs configs;
	unsigned char step_of[OPTIONS_MAX]; /* the first that tells of it */
	unsigned char step;
	bool is_command;
};

static const char *end_of_value(const char *line, const char *end)
{
	while (--end >= line)
		if (!strncmp(end, "  (", 3))
			return end;
	wrong("--explain: nothing behind a value: %.200s", line);
}

/* "      --name=value  (where)" or "      WHAT  (default)". */
static void take_value(struct told *told, const char *line, const char *end)
{
	const char *behind = end_of_value(line, end);
	const char *equals = memchr(line, '=', (size_t)(behind - line));
	const char *name_end = equals ? equals : behind;
	const struct option *option;
	unsigned int place;
	const char *value;

	if (told->is_command) {
		list_add(&told->command,
			 unescaped(line, (size_t)(behind - line)));
		return;
	}
	if (!strncmp(behind, "  (default)", 11))
		return;
	option = parser_find(line + 2, (size_t)(name_end - line - 2), '\0',
			     &place);
	if (strncmp(line, "--", 2) || !option)
		wrong("--explain: no option: %.200s", line);
	if (told->step_of[place] && told->step_of[place] != told->step)
		return;
	told->step_of[place] = told->step;
	value = equals ? unescaped(equals + 1, (size_t)(behind - equals - 1))
		       : NULL;
	if (strncmp(behind, "  (command line)", 16)) {
		add_line(&told->configs, &told->argv, option->name, value);
		return;
	}
	end_config(&told->configs);
	add_option(&told->argv, option->name, value);
}

static void take_line(struct told *told, const char *line, const char *end)
{
	const char *digits = line + strspn(line, " ");
	const char *name = digits + strspn(digits, "0123456789");

	if (!strncmp(line, "      ", 6)) {
		take_value(told, line + 6, end);
		return;
	}
	if (name == digits || strncmp(name, ". ", 2))
		wrong("--explain: no step: %.200s", line);
	told->step++;
	if (atoi(digits) != told->step)
		wrong("--explain: step %d: %.200s", told->step, line);
	told->is_command = !strncmp(name, ". command: ", 11);
}

static bool is_shown_whole(const struct plan *plan)
{
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if ((g->value && strlen(g->value) > SHOWN) ||
		    (g->where && strlen(g->where) > SHOWN))
			return false;
	for (char **word = plan->command; *word; word++)
		if (strlen(*word) > SHOWN)
			return false;
	return true;
}

/*
 * Each line is printable and one of the form. Where nothing had to be cut, the
 * options in it are a command line of the same plan. (--verbose and --explain
 * themselves are not told: they change nothing of what is done.)
 */
static void check_explained(const struct plan *plan)
{
	struct told *told = calloc(1, sizeof(*told));
	struct plan again;
	const char *at;

	clear_output();
	if (explain(plan))
		wrong("--explain fails");
	list_add(&told->argv, "rind");
	for (at = output(); *at;) {
		const char *end = strchr(at, '\n');
		char *line;

		if (!end)
			wrong("--explain: no newline at the end");
		line = strndup(at, (size_t)(end - at));
		check_printable("--explain", line);
		take_line(told, line, line + (end - at));
		at = end + 1;
	}
	if (!is_shown_whole(plan))
		return;
	end_config(&told->configs);
	list_add(&told->command, NULL);
	add_command(&told->argv, told->command.items);
	if (!read_words(told->argv, &again))
		wrong("what --explain tells is no command line:\n%s", output());
	check_same(plan, &again, true, "--explain");
}

/* What can stand in a config file so that it is read as it is. */
static bool fits_config(const char *value)
{
	size_t length = value ? strlen(value) : 1;

	return length && (!value || (!strchr(" \t\r", value[0]) &&
				     !strchr(" \t\r", value[length - 1]) &&
				     !strchr(value, '\n')));
}

/* All options from a file, or all from the command line. */
static void check_in_other_form(const struct plan *plan, bool as_config)
{
	struct configs *configs = calloc(1, sizeof(*configs));
	struct list argv = { 0 };
	struct plan again;
	int count = 0;

	for (const struct plan_given *g = plan->given; g; g = g->next)
		if ((as_config && !fits_config(g->value)) ||
		    ++count > CONFIG_LINES)
			return;
	list_add(&argv, "rind");
	for (const struct plan_given *g = plan->given; g; g = g->next)
		if (as_config)
			add_line(configs, &argv, g->option->name, g->value);
		else
			add_option(&argv, g->option->name, g->value);
	end_config(configs);
	add_command(&argv, plan->command);
	if (!read_words(argv, &again))
		wrong("no plan in the other form");
	check_same(plan, &again, false, as_config ? "a file" : "a line");
}

/* That only one of two sources can have set holds no more in the other form. */
static bool is_from_both(const struct plan *plan)
{
	bool from[2] = { false, false };

	for (const struct plan_given *g = plan->given; g; g = g->next)
		from[g->where != NULL] = true;
	return from[0] && from[1];
}

static void check_plan(const struct plan *plan)
{
	check_explained(plan);
	if (is_from_both(plan))
		return;
	check_in_other_form(plan, true);
	check_in_other_form(plan, false);
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
	struct configs *configs = calloc(1, sizeof(*configs));
	struct list argv = { 0 };

	list_add(&argv, "rind");
	if (!strcmp(form, "a file")) {
		add_line(configs, &argv, name, value);
		end_config(configs);
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
		if (mount->data.length >= mount->data.size ||
		    mount->data.length != strlen(mount->data.data) ||
		    strstr(mount->data.data, ",,") ||
		    strstr(mount->data.data, "..."))
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
