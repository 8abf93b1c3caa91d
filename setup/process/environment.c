/*
 * The app's environment (environ(7)), by the rules of docker-run(1) and env(1).
 *
 * Everything becomes an entry of one list, each winning over those before it:
 * what rind was started with, HOME, USER and LOGNAME, --unset-env, --env-file,
 * --env. Of the entries with one name the last counts; an entry without "="
 * removes the variable.
 */
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"
#include "lib/list.h"
#include "setup/process/env_file.h"
#include "setup/process/socket_activation.h"
#include "setup/process/variables.h"
#include "setup/steps.h"

static const char *add_name(struct list *list, const char *value)
{
	if (!*value || *value == '=')
		return "a variable without a name";
	list_add(list, value);
	return NULL;
}

/* Those of the place that is being read, which is the last one so far. */
static struct plan_variables *variables_of_place(struct plan *plan)
{
	struct plan_variables **last = &plan->environment.variables;

	while (*last && (*last)->place != plan->reading)
		last = &(*last)->next;
	if (!*last) {
		*last = arena_alloc(sizeof(**last));
		(*last)->place = plan->reading;
	}
	return *last;
}

static const char *read_env(struct plan *plan, const char *value)
{
	list_add(&plan->environment.typed, value);
	return add_name(&variables_of_place(plan)->set, value);
}

static void clear_env(struct plan *plan)
{
	struct plan_variables *variables = plan->environment.variables;

	for (; variables; variables = variables->next)
		variables->set = (struct list){ 0 };
}

static const char *read_env_file(struct plan *plan, const char *value)
{
	if (!*value)
		return "no file is named";
	list_add(&variables_of_place(plan)->files, value);
	return NULL;
}

static void clear_env_files(struct plan *plan)
{
	struct plan_variables *variables = plan->environment.variables;

	for (; variables; variables = variables->next)
		variables->files = (struct list){ 0 };
}

static const char *read_unset_env(struct plan *plan, const char *value)
{
	if (strchr(value, '='))
		return "a variable's name holds no \"=\"";
	return add_name(&plan->environment.unset, value);
}

static void clear_unset_env(struct plan *plan)
{
	plan->environment.unset = (struct list){ 0 };
}

static bool *clear_env_field(struct plan *plan)
{
	return &plan->environment.clear;
}

static const struct option environment_options[] = {
	{ .name = "env",
	  .metavar = "K[=V]",
	  .help = "set K to V; without V, pass K through",
	  .kind = OPTION_VALUE,
	  .read = read_env,
	  .clear = clear_env,
	  .repeatable = true,
	  .takes_any_byte = true },
	{ .name = "env-file",
	  .metavar = "FILE",
	  .help = "set variables from FILE, one a line",
	  .kind = OPTION_VALUE,
	  .read = read_env_file,
	  .clear = clear_env_files,
	  .repeatable = true },
	{ .name = "unset-env",
	  .metavar = "K",
	  .help = "remove the variable K",
	  .kind = OPTION_VALUE,
	  .read = read_unset_env,
	  .clear = clear_unset_env,
	  .repeatable = true },
	{ .name = "clear-env",
	  .help = "start from an empty environment",
	  .kind = OPTION_SWITCH,
	  .field = clear_env_field },
};

const struct option_table environment_option_table =
	OPTION_TABLE(GROUP_PROCESS, environment_options);

/* As login(1) leaves it; the values of PATH are setpriv's. */
static void add_login_variables(struct list *list, const struct identity *id)
{
	const char *path = "/usr/local/bin:/bin:/usr/bin";

	if (!id->uid)
		path = "/usr/local/sbin:/usr/local/bin:/sbin:/bin:"
		       "/usr/sbin:/usr/bin";
	variables_add_or_inherit(list, "TERM");
	variables_add(list, "SHELL", id->shell);
	variables_add(list, "PATH", path);
}

static void add_identity(struct list *list, const struct app *app)
{
	const struct identity *id = &app->identity;
	const struct plan_environment *plan = &app->plan->environment;

	if (!id->name)
		return;
	if (plan->reset)
		add_login_variables(list, id);
	if (plan->set_home)
		variables_add(list, "HOME", id->home);
	if (plan->set_login) {
		variables_add(list, "USER", id->name);
		variables_add(list, "LOGNAME", id->name);
	}
}

static void add_all(struct list *list, char *const *items)
{
	for (; items && *items; items++)
		list_add(list, *items);
}

static int add_files(struct list *list, const struct list *paths,
		     struct error *error)
{
	for (size_t i = 0; i < paths->length; i++)
		if (env_file_add(paths->items[i], list, error))
			return -1;
	return 0;
}

/* All entries, each behind those that it wins over. */
static int add_entries(struct list *list, const struct app *app,
		       struct error *error)
{
	const struct plan_environment *plan = &app->plan->environment;

	if (!plan->clear && !plan->reset)
		add_all(list, environ);
	add_identity(list, app);
	add_all(list, plan->unset.items);
	for (const struct plan_variables *place = plan->variables; place;
	     place = place->next) {
		if (add_files(list, &place->files, error))
			return -1;
		for (size_t i = 0; i < place->set.length; i++)
			variables_add_or_inherit(list, place->set.items[i]);
	}
	return 0;
}

static int build_environment(struct app *app, struct error *error)
{
	struct list list = { 0 };

	if (add_entries(&list, app, error))
		return -1;
	variables_keep_last(&list);
	if (socket_activation_pass(app, &list, error))
		return -1;
	/* An empty list has no array yet, execve(2) wants one. */
	if (!list.items)
		list.items = arena_alloc(sizeof(*list.items));
	app->environment = list.items;
	return 0;
}

const struct app_step environment_step = {
	.text = { .name = "environment",
		  .options = { "clear-env", "unset-env", "env-file", "env" },
		  .defaults = { { "clear-env", "no" } } },
	.run = build_environment,
};
