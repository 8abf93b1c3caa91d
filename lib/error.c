/* What went wrong, as a value. */
#include "lib/error.h"

#include <errno.h>
#include <string.h>

#include "lib/text.h"

/* So much of a hostile name is shown; the cure must still fit behind it. */
#define OBJECT_SHOWN 200

int error_set(struct error *error, const char *step, const char *object,
	      const char *reason, const char *cure)
{
	struct text line = text_in(error->line, sizeof(error->line));

	error->status = EXIT_RIND;
	error->number = 0;
	text_add(&line, step);
	text_add(&line, ": ");
	if (object) {
		text_add_escaped(&line, object, OBJECT_SHOWN);
		text_add(&line, ": ");
	}
	text_add(&line, reason);
	if (cure) {
		text_add(&line, " (");
		text_add(&line, cure);
		text_add(&line, ")");
	}
	return -1;
}

int error_errno(struct error *error, const char *step, const char *object,
		const char *cure)
{
	int number = errno;

	error_set(error, step, object, strerror(number), cure);
	error->number = number;
	return -1;
}
