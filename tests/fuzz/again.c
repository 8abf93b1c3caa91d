/*
 * What is a plan can be told by --explain and read again, and it is the same by
 * a file and by a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "cli/option_tables.h"
#include "fuzz.h"
#include "lib/arena.h"

enum {
	SHOWN = 300, /* so much of a value --explain shows */
	CONFIG_LINES = 1000,
};

void add_option(struct list *argv, const char *name, const char *value)
{
	list_add(argv, arena_printf("--%s%s%s", name, value ? "=" : "",
				    value ? value : ""));
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
	const char *equals = value ? " = " : "";

	if (!configs->open) {
		configs->name = arena_printf("again-%d", configs->count++);
		add_option(argv, "config", configs->name);
		configs->text = arena_strdup("");
		configs->open = true;
	}
	configs->text = arena_printf("%s%s%s%s\n", configs->text, name, equals,
				     value ? value : "");
}

void add_in_file(struct list *argv, const char *name, const char *value)
{
	struct configs *configs = arena_alloc(sizeof(*configs));

	add_line(configs, argv, name, value);
	end_config(configs);
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
	char *data = arena_alloc(length + 1);
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

/* More than there are. */
enum {
	OPTIONS_MAX = 256
};

/* The place of OPTION in --help. */
static size_t place_of(const struct option *option)
{
	for (size_t place = 0; place < OPTIONS_MAX; place++)
		if (option_at(place) == option)
			return place;
	wrong("more than %d options", OPTIONS_MAX);
}

static const char *as_given(const struct option *option, bool soft)
{
	return soft ? arena_printf("?%s", option->name) : option->name;
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
	bool soft = !strncmp(line, "--?", 3);
	const char *name = line + strlen("--") + soft;
	size_t place;
	const char *value;

	if (told->is_command) {
		list_add(&told->command,
			 unescaped(line, (size_t)(behind - line)));
		return;
	}
	if (!strncmp(behind, "  (default)", 11))
		return;
	option = strncmp(line, "--", 2)
			 ? NULL
			 : option_by_name(name, (size_t)(name_end - name));
	if (!option)
		wrong("--explain: no option: %.200s", line);
	place = place_of(option);
	if (told->step_of[place] && told->step_of[place] != told->step)
		return;
	told->step_of[place] = told->step;
	value = equals ? unescaped(equals + 1, (size_t)(behind - equals - 1))
		       : NULL;
	name = as_given(option, soft);
	if (strncmp(behind, "  (command line)", 16)) {
		add_line(&told->configs, &told->argv, name, value);
		return;
	}
	end_config(&told->configs);
	add_option(&told->argv, name, value);
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
	for (const struct plan_given *g = without_config(plan->given); g;
	     g = without_config(g->next))
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
	struct told *told = arena_alloc(sizeof(*told));
	struct plan again;
	const char *at;

	clear_output();
	if (print_explanation(plan))
		wrong("--explain fails");
	list_add(&told->argv, "rind");
	for (at = output(); *at;) {
		const char *end = strchr(at, '\n');
		char *line;

		if (!end)
			wrong("--explain: no newline at the end");
		line = arena_strndup(at, (size_t)(end - at));
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

bool fits_config(const char *value)
{
	size_t length = value ? strlen(value) : 1;

	return length && (!value || (!strchr(" \t\r", value[0]) &&
				     !strchr(" \t\r", value[length - 1]) &&
				     !strchr(value, '\n')));
}

/* All options from a file, or all from the command line. */
static void check_in_other_form(const struct plan *plan, bool as_config)
{
	struct configs *configs = arena_alloc(sizeof(*configs));
	struct list argv = { 0 };
	struct plan again;
	int count = 0;

	for (const struct plan_given *g = without_config(plan->given); g;
	     g = without_config(g->next))
		if ((as_config && !fits_config(g->value)) ||
		    ++count > CONFIG_LINES)
			return;
	list_add(&argv, "rind");
	for (const struct plan_given *g = without_config(plan->given); g;
	     g = without_config(g->next))
		if (as_config)
			add_line(configs, &argv, as_given(g->option, g->soft),
				 g->value);
		else
			add_option(&argv, as_given(g->option, g->soft),
				   g->value);
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

	for (const struct plan_given *g = without_config(plan->given); g;
	     g = without_config(g->next))
		from[g->where != NULL] = true;
	return from[0] && from[1];
}

void check_plan(const struct plan *plan)
{
	check_explained(plan);
	if (is_from_both(plan))
		return;
	check_in_other_form(plan, true);
	check_in_other_form(plan, false);
}
