/* --check: shows how confined a process is, or asserts it. */
#include "check/check.h"

#include <stdbool.h>
#include <string.h>

#include "check/assertions.h"
#include "check/checked_process.h"
#include "check/printing.h"
#include "check/values.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "lib/text.h"

enum {
	ASSERTION_SHOWN = 200 /* bytes of an assertion in a message */
};

/* Splits VALUE, "json", "PID" or both; returns 0 or -1. */
static int read_value(const char *value, bool *json, const char **pid,
		      struct error *error)
{
	char *rest = value ? arena_strdup(value) : NULL;
	const char *word;

	while ((word = strsep(&rest, ","))) {
		if (!strcmp(word, "json"))
			*json = true;
		else if (*pid)
			return error_set(error, "check", value,
					 "more than one process",
					 "check them one by one");
		else
			*pid = word;
	}
	return 0;
}

/* All are read before one is looked at: a typo must not look like a pass. */
static struct assertion *read_all(char **texts, size_t count,
				  struct error *error)
{
	struct assertion *assertions = arena_alloc_array(count,
							 sizeof(*assertions));

	for (size_t i = 0; i < count; i++)
		if (assertion_read(texts[i], &assertions[i], error))
			return NULL;
	return assertions;
}

static void log_failure(const struct assertion *assertion,
			const struct checked_process *process)
{
	char line[1024];
	struct text text = text_in(line, sizeof(line));

	text_add(&text, "check: ");
	text_add_escaped(&text, assertion->text, ASSERTION_SHOWN);
	text_add(&text, ": ");
	assertion_add_facts(assertion, process, &text);
	log_line(line, LOG_LAST);
}

/* Logs those that do not hold, and adds them to *FAILED. */
static void test_all(const struct assertion *assertions, size_t count,
		     const struct checked_process *process,
		     struct values *failed)
{
	for (size_t i = 0; i < count; i++) {
		if (assertion_holds(&assertions[i], process))
			continue;
		log_failure(&assertions[i], process);
		value_add(failed, NULL, assertions[i].text);
	}
}

static int print(const struct checked_process *process, bool json,
		 bool asserted, const struct values *failed)
{
	if (json)
		return print_json(process, failed);
	return asserted ? 0 : print_table(process);
}

int check(const char *value, char **assertions, struct error *error)
{
	struct checked_process process;
	struct values failed = { 0 };
	const struct assertion *all;
	const char *pid = NULL;
	bool json = false;
	size_t count = 0;

	while (assertions[count])
		count++;
	if (read_value(value, &json, &pid, error))
		return -1;
	all = read_all(assertions, count, error);
	if (!all || checked_process_open(&process, pid, error))
		return -1;
	test_all(all, count, &process, &failed);
	if (print(&process, json, count > 0, &failed))
		return error_errno(error, "check", "stdout", NULL);
	return failed.list.length ? 1 : 0;
}
