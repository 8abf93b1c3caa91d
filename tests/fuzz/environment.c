/* The app's environment: rind's own, files, --env, sockets handed down. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "lib/arena.h"
#include "setup/steps.h"

extern const struct app_step environment_step; /* as order.c has it */

/* Each name once, each with a value; except for LISTEN_*, in order. */
static void check_environment(char *const *environment)
{
	for (size_t i = 0; environment[i]; i++) {
		size_t length = strcspn(environment[i], "=");

		if (!environment[i][length])
			wrong("no value: %s", environment[i]);
		for (size_t j = 0; j < i; j++)
			if (!strncmp(environment[i], environment[j],
				     length + 1))
				wrong("twice: %s", environment[i]);
	}
}

static char *find(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (!strncmp(*environment, name, length) &&
		    (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/* rind's own environment, a file, and the words of --env. */
void run_env_file(const struct target *target, char *input, size_t size)
{
	struct plan_variables variables = { 0 };
	struct plan plan = { .environment.variables = &variables };
	struct inherited inherited = { .pid = 1 };
	struct app app = { .plan = &plan,
			   .inherited = &inherited,
			   .identity = { .uid = 1000,
					 .name = "app",
					 .home = "/",
					 .shell = "/bin/sh" } };
	struct error error;
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list own = words_of(part, length);

	(void)target;
	if (own.items)
		environ = own.items;
	part = next_part(&input, &size, &length);
	add_file("env", part, length);
	list_add(&variables.files, "env");
	variables.set = words_of(input, size);
	/* None of these is empty once it has been read as an option. */
	for (size_t i = 0; i < variables.set.length; i++)
		if (strchr("=", *variables.set.items[i]))
			return;
	if (environment_step.run(&app, &error)) {
		check_error(&error);
		return;
	}
	check_environment(app.environment);
	for (size_t i = 0; i < variables.set.length; i++) {
		char *word = variables.set.items[i];
		size_t name = strcspn(word, "=");
		const char *value = find(app.environment,
					 arena_strndup(word, name));
		bool again = false;

		for (size_t j = i + 1; j < variables.set.length; j++)
			again |= !strncmp(word, variables.set.items[j], name) &&
				 strchr("=", variables.set.items[j][name]);
		if (!again && word[name] && strncmp(word, "LISTEN_", 7) &&
		    (!value || strcmp(value, word + name + 1)))
			wrong("--env=%s is not in force", word);
	}
}

/* What is for this process is for the app's; anything else stays as it is. */
void run_listen(const struct target *target, char *input, size_t size)
{
	struct plan plan = { 0 };
	struct inherited inherited = { .pid = 1 };
	struct app app = { .plan = &plan, .inherited = &inherited };
	struct error error;
	struct list own = words_of(input, size);
	const char *pid;
	char number[16];

	(void)target;
	if (own.items)
		environ = own.items;
	if (environment_step.run(&app, &error)) {
		check_error(&error);
		return;
	}
	check_environment(app.environment);
	pid = find(app.environment, "LISTEN_PID");
	snprintf(number, sizeof(number), "%d", getpid());
	if (app.listen_fds < 0 || app.listen_fds > 1 << 20)
		wrong("%d descriptors", app.listen_fds);
	if (!app.listen_fds)
		return;
	if (!pid || strcmp(pid, number) ||
	    find(app.environment, "LISTEN_PIDFDID"))
		wrong("descriptors for %s", pid ? pid : "nobody");
	if (atoi(find(app.environment, "LISTEN_FDS")) != app.listen_fds)
		wrong("%d descriptors kept", app.listen_fds);
}
