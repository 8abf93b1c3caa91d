/* Text built in a buffer of fixed size. */
#include "base/text.h"

#include <string.h>

struct text text_in(char *buffer, size_t size)
{
	buffer[0] = '\0';
	return (struct text){ .data = buffer, .size = size };
}

void text_add(struct text *text, const char *string)
{
	size_t length = strlen(string);
	size_t room = text->size - 1 - text->length;
	size_t fits = length < room ? length : room;

	memcpy(text->data + text->length, string, fits);
	text->length += fits;
	text->data[text->length] = '\0';
	if (length > room)
		memcpy(text->data + text->length - 3, "...", 3);
}

static void add_digits(struct text *text, unsigned long long number,
		       unsigned int base)
{
	char digits[24];
	char *first = digits + sizeof(digits) - 1;

	*first = '\0';
	do {
		*--first = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	text_add(text, first);
}

void text_add_number(struct text *text, long long number)
{
	if (number < 0)
		text_add(text, "-");
	add_digits(text,
		   number < 0 ? 0 - (unsigned long long)number
			      : (unsigned long long)number,
		   10);
}

static void add_escape(struct text *text, unsigned char byte)
{
	static const char named[] = "\a\b\t\n\v\f\r";
	static const char letters[] = "abtnvfr";
	const char *name = byte ? strchr(named, byte) : NULL;
	char escape[] = { '\\', 'x', 0, 0, 0 };

	if (name) {
		escape[1] = letters[name - named];
	} else if (byte == '\\') {
		escape[1] = '\\';
	} else {
		escape[2] = "0123456789abcdef"[byte >> 4];
		escape[3] = "0123456789abcdef"[byte & 15];
	}
	text_add(text, escape);
}

void text_add_escaped(struct text *text, const char *string, size_t limit)
{
	for (; *string; string++) {
		unsigned char byte = (unsigned char)*string;
		char plain[] = { *string, '\0' };

		if (!limit--) {
			text_add(text, "...");
			return;
		}
		if (byte < ' ' || byte > '~' || byte == '\\')
			add_escape(text, byte);
		else
			text_add(text, plain);
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
