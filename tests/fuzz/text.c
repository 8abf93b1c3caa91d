/* What every parser stands on: numbers, times, signals, escapes, lines. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "lib/arena.h"
#include "lib/file.h"
#include "lib/number.h"
#include "lib/signals.h"
#include "lib/text.h"
#include "sys/procfs.h"

static void check_numbers(const char *text)
{
	unsigned long number = 7;
	long with_sign = 7;
	bool digits = *text && !text[strspn(text, "0123456789")];
	unsigned long expected;
	long long expected_sign;

	errno = 0;
	expected = strtoul(text, NULL, 10);
	if (!number_read(text, (unsigned long)-1, &number) !=
	    (digits && !errno))
		wrong("a number or none: %s", text);
	if (digits && !errno && number != expected)
		wrong("%s is read as %lu", text, number);
	errno = 0;
	expected_sign = strtoll(text, NULL, 10);
	digits = text[*text == '-'] &&
		 !text[strspn(text + (*text == '-'), "0123456789") +
		       (*text == '-')];
	if (!number_read_signed(text, -1000, 1000, &with_sign) !=
	    (digits && !errno && expected_sign >= -1000 &&
	     expected_sign <= 1000))
		wrong("a number from -1000 to 1000 or none: %s", text);
	if (with_sign != 7 && with_sign != expected_sign)
		wrong("%s is read as %ld", text, with_sign);
}

static void check_time(const char *text)
{
	int64_t ms = -1;

	if (time_read(text, &ms))
		return;
	if (ms < 0 || ms > 1000000000000999 || *text < '0' || *text > '9')
		wrong("%s is read as %lld ms", text, (long long)ms);
}

static void check_signal(const char *text)
{
	int signal = signal_from_name(text);
	char buffer[12];

	if (signal == -1)
		return;
	if (signal < 1 || signal > SIGNAL_MAX ||
	    signal_from_name(signal_name(signal, buffer, sizeof(buffer))) !=
		    signal)
		wrong("%s is read as %d", text, signal);
}

/* A text in a small buffer is cut off, never longer; the rest is printable. */
static void check_escapes(const char *data, size_t limit)
{
	size_t size = 4 + limit % 64;
	char *buffer = arena_alloc(size);
	struct text text = text_in(buffer, size);

	text_add(&text, "x");
	text_add_escaped(&text, data, limit);
	if (text.length >= size || strlen(buffer) != text.length)
		wrong("a text that is longer than its buffer");
	check_printable("an escaped text", buffer);
}

int __real_file_read(const char *path, struct file *file);
int __real_procfs_read(const char *path, struct file *file);
void __real_file_free(struct file *file);

/* The lines are the file, and nothing beside it. */
static void check_lines(struct file *file, const char *input, size_t size)
{
	char *rest = file->data;
	char *line;
	bool terminated = true;

	if (file->length != size || memcmp(file->data, input, size + 1))
		wrong("%zu bytes are read for %zu", file->length, size);
	while ((line = line_next(&rest, &terminated))) {
		size_t length = strlen(line);

		if (length + (size_t)terminated > size ||
		    memcmp(line, input, length) || strchr(line, '\n') ||
		    (terminated && input[length] != '\n'))
			wrong("another line: %s", line);
		input += length + (size_t)terminated;
		size -= length + (size_t)terminated;
	}
	if (size)
		wrong("%zu bytes of no line", size);
}

/* A real file, as all the other targets have theirs from memory. */
void run_file(const struct target *target, char *input, size_t size)
{
	const char *path = real_file(input, size);

	(void)target;
	for (int procfs = 0; procfs < 2; procfs++) {
		struct file file;
		int result = procfs ? __real_procfs_read(path, &file)
				    : __real_file_read(path, &file);

		if (!result != !memchr(input, '\0', size))
			wrong("a NUL byte is read, or something else is not");
		if (!result)
			check_lines(&file, input, size);
		else if (file.data)
			wrong("what could not be read is there");
		__real_file_free(&file);
	}
}

void run_text(const struct target *target, char *input, size_t size)
{
	struct list words = words_of(input, size);

	(void)target;
	for (size_t i = 0; i < words.length; i++) {
		const char *word = words.items[i];

		check_numbers(word);
		check_time(word);
		check_signal(word);
		check_escapes(word, size);
	}
}
