/* The program that the image has, where it cannot be run: why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* A name and PATH=..., a line each; then what the file of no name holds. */
void run_program(const struct target *target, char *input, size_t size)
{
	struct plan plan = { 0 };
	struct inherited inherited = { .pid = 1 };
	struct app app = { .plan = &plan, .inherited = &inherited };
	char *nothing[] = { NULL, NULL };
	struct error error;
	size_t length;
	const char *part = next_part(&input, &size, &length);
	struct list words = words_of(part, length);

	(void)target;
	plan.command = nothing;
	plan.command[0] = words.length ? words.items[0] : NULL;
	if (words.length)
		words.items++;
	if (!plan.command[0] || !*plan.command[0])
		plan.command[0] = (char *)real_file(input, size);
	app.environment = words.items ? words.items : nothing + 1;
	setup_exec(&app, &error);
	check_error(&error);
	if (error.status != EXIT_NOT_FOUND && error.status != EXIT_CANNOT_RUN)
		wrong("exit code %d", error.status);
}
