/* Text built in a buffer of fixed size. */
#include "lib/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define CUT "..."

struct text text_in(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct text){ .data = buffer, .size = size };
}

/* LENGTH bytes were to be added; those that fit are there. */
static void advance(struct text *text, size_t length)
{
	size_t room = text->size - 1 - text->length;

	text->length += length < room ? length : room;
	text->data[text->length] = '\0';
	if (length > room)
		memcpy(text->data + text->length - strlen(CUT), CUT,
		       strlen(CUT));
}

void text_add(struct text *text, const char *string)
{
	size_t length = strlen(string);
	size_t room = text->size - 1 - text->length;

	memcpy(text->data + text->length, string,
	       length < room ? length : room);
	advance(text, length);
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(text->data + text->length, text->size - text->length,
			   format, list);
	va_end(list);
	if (length > 0)
		advance(text, (size_t)length);
}

static void add_escape(struct text *text, unsigned char byte)
{
	static const char named[] = "\a\b\t\n\v\f\r";
	static const char letters[] = "abtnvfr";
	const char *name = byte ? strchr(named, byte) : NULL;

	if (name)
		text_addf(text, "\\%c", letters[name - named]);
	else if (byte == '\\')
		text_add(text, "\\\\");
	else
		text_addf(text, "\\x%02x", byte);
}

void text_add_escaped(struct text *text, const char *string, size_t limit)
{
	for (; *string; string++) {
		unsigned char byte = (unsigned char)*string;

		if (!limit--) {
			text_add(text, "...");
			return;
		}
		if (byte < ' ' || byte > '~' || byte == '\\')
			add_escape(text, byte);
		else
			text_addf(text, "%c", byte);
	}
}

char *text_unescape(char *text)
{
	char *to = text;

	for (const char *from = text; (*to = *from); to++, from++) {
		if (*from != '\\' || strspn(from + 1, "01234567") < 3)
			continue;
		*to = (char)((from[1] & 3) << 6 | (from[2] & 7) << 3 |
			     (from[3] & 7));
		from += 3;
	}
	return text;
}
