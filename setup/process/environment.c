/*
 * The app's environment (environ(7)), by the rules of docker-run(1) and env(1).
 *
 * Everything becomes an entry of one list, in the order in which it wins: what
 * rind was started with, HOME, USER and LOGNAME, --unset-env, --env-file,
 * --env. Of the entries with one name the last counts; one without "=" removes
 * it.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/file.h"
#include "lib/list.h"
#include "lib/number.h"
#include "lib/text.h"
#include "setup/steps.h"

/* fs.nr_open as it comes; more cannot be open. */
enum {
	DESCRIPTORS_MAX = 1 << 20
};

static const char *add_name(struct list *list, const char *value)
{
	if (!*value || *value == '=')
		return "a variable without a name";
	list_add(list, value);
	return NULL;
}

/* A config file's come first, so that the command line's are later. */
static struct list *by_origin(struct list lists[2], const struct plan *plan)
{
	return &lists[plan->reading != ORIGIN_CONFIG];
}

static const char *read_env(struct plan *plan, const char *value)
{
	return add_name(by_origin(plan->environment.set, plan), value);
}

static const char *read_env_file(struct plan *plan, const char *value)
{
	if (!*value)
		return "no file is named";
	list_add(by_origin(plan->environment.files, plan), value);
	return NULL;
}

static const char *read_unset_env(struct plan *plan, const char *value)
{
	if (!strchr(value, '='))
		return add_name(&plan->environment.unset, value);
	return "a variable's name holds no \"=\"";
}

static bool *clear_env_field(struct plan *plan)
{
	return &plan->environment.clear;
}

static const struct option environment_options[] = {
	{ .name = "env",
	  .metavar = "K[=V]",
	  .help = "set a variable, or take K from rind's own",
	  .kind = OPTION_VALUE,
	  .read = read_env,
	  .repeatable = true,
	  .takes_any_byte = true },
	{ .name = "env-file",
	  .metavar = "FILE",
	  .help = "the same, a line each",
	  .kind = OPTION_VALUE,
	  .read = read_env_file,
	  .repeatable = true },
	{ .name = "unset-env",
	  .metavar = "K",
	  .help = "remove a variable",
	  .kind = OPTION_VALUE,
	  .read = read_unset_env,
	  .repeatable = true },
	{ .name = "clear-env",
	  .help = "start from an empty environment",
	  .kind = OPTION_SWITCH,
	  .field = clear_env_field },
};

const struct option_table environment_option_table =
	OPTION_TABLE(GROUP_PROCESS, environment_options);

static size_t name_length(const char *variable)
{
	return strcspn(variable, "=");
}

/* "K=V" as it is, "K" with the value that rind was started with. */
static const char *with_value(const char *variable)
{
	size_t length = name_length(variable);

	if (variable[length])
		return variable;
	for (char **own = environ; own && *own; own++)
		if (name_length(*own) == length && (*own)[length] == '=' &&
		    !memcmp(*own, variable, length))
			return *own;
	return variable;
}

static void add_pair(struct list *list, const char *name, const char *value)
{
	size_t size = strlen(name) + strlen(value) + 2;
	char *variable = arena_alloc(size);
	/* text_in() wants room for its "..."; every name here has that. */
	struct text text = text_in(variable, size);

	text_add(&text, name);
	text_add(&text, "=");
	text_add(&text, value);
	list_add(list, variable);
}

/* As login(1) leaves it; setpriv's own values of PATH. */
static void reset(const struct identity *id, struct list *list)
{
	/* Without a value it removes nothing: the list is empty so far. */
	list_add(list, with_value("TERM"));
	add_pair(list, "SHELL", id->shell);
	add_pair(list, "PATH",
		 id->uid ? "/usr/local/bin:/bin:/usr/bin"
			 : "/usr/local/sbin:/usr/local/bin:/sbin:/bin:"
			   "/usr/sbin:/usr/bin");
}

static void add_identity(const struct app *app, struct list *list)
{
	const struct identity *id = &app->identity;
	const struct plan_environment *plan = &app->plan->environment;

	if (!id->name)
		return;
	if (plan->reset)
		reset(id, list);
	if (plan->set_home)
		add_pair(list, "HOME", id->home);
	if (plan->set_login) {
		add_pair(list, "USER", id->name);
		add_pair(list, "LOGNAME", id->name);
	}
}

static int bad_line(const char *path, long number, const char *reason,
		    struct error *error)
{
	char object[512];
	struct text text = text_in(object, sizeof(object));

	text_addf(&text, "%s:%ld", path, number);
	return error_set(error, "environment", object, reason, NULL);
}

/*
 * A line each, as docker-run(1) reads it: no quotes, no expansion, "#" starts a
 * comment line, blanks before the name are dropped. The file's memory stays:
 * the entries point into it.
 */
static int add_file(const char *path, struct list *list, struct error *error)
{
	struct file file;
	char *rest;
	char *line;
	int terminated;

	if (file_read(path, &file))
		return error_set(error, "environment", path, file_reason(errno),
				 NULL);
	rest = file.data;
	/* The byte order mark of UTF-8, which some editors write. */
	if (!strncmp(rest, "\xef\xbb\xbf", 3))
		rest += 3;
	for (long number = 1; (line = line_next(&rest, &terminated));
	     number++) {
		size_t length;

		line += strspn(line, " \t");
		length = strlen(line);
		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		length = name_length(line);
		if (!*line || *line == '#')
			continue;
		if (!length)
			return bad_line(path, number,
					"a variable without a name", error);
		if (strcspn(line, " \t") < length)
			return bad_line(path, number,
					"a blank in a variable's name", error);
		list_add(list, with_value(line));
	}
	return 0;
}

static void add_all(struct list *list, char **items)
{
	for (; items && *items; items++)
		list_add(list, *items);
}

static int collect(const struct app *app, struct list *list,
		   struct error *error)
{
	const struct plan_environment *plan = &app->plan->environment;

	if (!plan->clear && !plan->reset)
		add_all(list, environ);
	add_identity(app, list);
	add_all(list, plan->unset.items);
	for (int i = 0; i < 2; i++) {
		for (char **path = plan->files[i].items; path && *path; path++)
			if (add_file(*path, list, error))
				return -1;
		for (char **item = plan->set[i].items; item && *item; item++)
			list_add(list, with_value(*item));
	}
	return 0;
}

struct variable {
	char *text;
	size_t order;
};

static int compare_entries(const void *left, const void *right)
{
	const struct variable *a = left;
	const struct variable *b = right;
	size_t length_a = name_length(a->text);
	size_t length_b = name_length(b->text);
	size_t shorter = length_a < length_b ? length_a : length_b;
	int difference = memcmp(a->text, b->text, shorter);

	if (difference)
		return difference;
	if (length_a != length_b)
		return length_a < length_b ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static bool same_name(const struct variable *a, const struct variable *b)
{
	size_t length = name_length(a->text);

	return length == name_length(b->text) &&
	       !memcmp(a->text, b->text, length);
}

/* Keeps the last entry of each name, in time n log n; sorts the list by name.
 */
static void settle(struct list *list)
{
	struct variable *entries = arena_alloc_array(list->length + 1,
						     sizeof(*entries));
	size_t kept = 0;

	for (size_t i = 0; i < list->length; i++)
		entries[i] = (struct variable){ list->items[i], i };
	qsort(entries, list->length, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < list->length; i++)
		if ((i + 1 == list->length ||
		     !same_name(&entries[i], &entries[i + 1])) &&
		    strchr(entries[i].text, '='))
			list->items[kept++] = entries[i].text;
	list->length = kept;
	if (list->items)
		list->items[kept] = NULL;
}

/* The item of LIST that is rind's own variable NAME, unchanged; or NULL. */
static char **find_own(const struct list *list, const char *name)
{
	size_t length = strlen(name);
	const char *own = NULL;

	/* The last counts, as it does in LIST. */
	for (char **item = environ; item && *item; item++)
		if (name_length(*item) == length &&
		    !memcmp(*item, name, length))
			own = *item;
	for (char **item = list->items; item && *item; item++)
		if (*item == own)
			return item;
	return NULL;
}

/*
 * Socket activation (sd_listen_fds(3)): what was meant for rind is meant for
 * the app, whose pid is another. Only what rind was started with tells of
 * descriptors: a file of the image's could ask for any. LISTEN_PIDFDID (systemd
 * 258) names rind's pidfd and would make the app refuse; it is optional.
 */
static int pass_sockets(struct app *app, const struct list *list,
			struct error *error)
{
	char **pid = find_own(list, "LISTEN_PID");
	char **fds = find_own(list, "LISTEN_FDS");
	char **pidfd_id = find_own(list, "LISTEN_PIDFDID");
	static char entry[32];
	struct text text = text_in(entry, sizeof(entry));
	unsigned long number;

	if (!pid || !fds || number_read(*pid + 11, INT_MAX, &number) ||
	    (pid_t)number != app->inherited->pid)
		return 0;
	if (number_read(*fds + 11, DESCRIPTORS_MAX, &number))
		return error_set(error, "environment", *fds,
				 "not a number of descriptors", NULL);
	app->listen_fds = (int)number;
	text_addf(&text, "LISTEN_PID=%d", getpid());
	*pid = entry;
	/* Those behind it move up. */
	while (pidfd_id && (*pidfd_id = pidfd_id[1]))
		pidfd_id++;
	return 0;
}

int environment_setup(struct app *app, struct error *error)
{
	static char *nothing[] = { NULL };
	struct list list = { 0 };

	if (collect(app, &list, error))
		return -1;
	settle(&list);
	if (pass_sockets(app, &list, error))
		return -1;
	app->environment = list.items ? list.items : nothing;
	return 0;
}
