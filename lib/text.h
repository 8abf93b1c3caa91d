/* Text built in a buffer of fixed size: no allocation and no overflow. */
#ifndef RIND_LIB_TEXT_H
#define RIND_LIB_TEXT_H

#include <stddef.h>

/*
 * A NUL-terminated text under construction in a buffer that the caller owns.
 * What does not fit is cut off; the text then ends in "...".
 */
struct text {
	char *data;
	size_t size; /* of the buffer, at least 4 */
	size_t length;
};

struct text text_in(char *buffer, size_t size);
void text_add(struct text *text, const char *string);

/* As printf(3). */
__attribute__((format(printf, 2, 3))) void text_addf(struct text *text,
						     const char *format, ...);

/*
 * Adds STRING with control characters, the backslash and bytes above 126
 * shown as escapes, and at most LIMIT bytes of it, so that a hostile name can
 * neither forge a second line nor move the reader's cursor.
 */
void text_add_escaped(struct text *text, const char *string, size_t limit);

/*
 * "\040" for a blank, and so on, as mountinfo has it (proc_pid_mountinfo(5)):
 * three digits, whatever follows. In place; returns TEXT.
 */
char *text_unescape(char *text);

#endif
