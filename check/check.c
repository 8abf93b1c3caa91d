/* --check: shows how confined a process is, or asserts it. */
#include "check/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/assertions.h"
#include "check/output.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "lib/text.h"

enum {
	ASSERTION_SHOWN = 200
};

/* Splits HOW, "json", "PID" or both; returns 0 or -1. */
static int read_how(const char *how, bool *json, const char **pid,
		    struct error *error)
{
	char *rest = how ? arena_strdup(how) : NULL;
	char *word;

	while ((word = strsep(&rest, ","))) {
		if (!strcmp(word, "json"))
			*json = true;
		else if (*pid)
			return error_set(error, "check", how,
					 "more than one process",
					 "check them one by one");
		else
			*pid = word;
	}
	return 0;
}

static void say_failed(const struct asked *asked, const struct process *process)
{
	char line[1024];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "check: ");
	text_add_escaped(&text, asked->text, ASSERTION_SHOWN);
	text_add(&text, ": ");
	assertion_tell(asked, process, &text);
	log_line(line, LOG_LAST);
}

/* All are read before one is looked at: a typo must not look like a pass. */
static struct asked *read_assertions(char **assertions, struct error *error)
{
	struct asked *asked;
	size_t count = 0;

	while (assertions[count])
		count++;
	asked = arena_alloc_array(count + 1, sizeof(*asked));
	for (size_t i = 0; i < count; i++)
		if (assertion_read(assertions[i], &asked[i], error))
			return NULL;
	return asked;
}

int check(const char *how, char **assertions, struct error *error)
{
	struct process process;
	struct values failed = { 0 };
	struct asked *asked;
	const char *pid = NULL;
	bool json = false;
	int result = 0;

	if (read_how(how, &json, &pid, error))
		return -1;
	asked = read_assertions(assertions, error);
	if (!asked || process_open(&process, pid, error))
		return -1;
	for (struct asked *a = asked; a->text; a++)
		if (!assertion_holds(a, &process)) {
			say_failed(a, &process);
			value_add(&failed, NULL, a->text);
			result = 1;
		}
	if (json ? json_print(&process, &failed)
		 : !*assertions && table_print(&process))
		return error_errno(error, "check", "stdout", NULL);
	return result;
}
