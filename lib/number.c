/* Numbers and times, read strictly. */
#include "lib/number.h"

#include <stddef.h>
#include <string.h>

#include "lib/array.h"

/* Reads digits up to the first other character; returns that, or NULL. */
static const char *read_digits(const char *text, unsigned long base,
			       unsigned long max, unsigned long *number)
{
	unsigned long value = 0;
	const char *at = text;

	for (; *at >= '0' && *at < '0' + (char)base; at++) {
		unsigned long digit = (unsigned long)(*at - '0');

		if (digit > max || value > (max - digit) / base)
			return NULL;
		value = value * base + digit;
	}
	if (at == text)
		return NULL;
	*number = value;
	return at;
}

static int read_whole(const char *text, unsigned long base, unsigned long max,
		      unsigned long *number)
{
	unsigned long value;
	const char *end = read_digits(text, base, max, &value);

	if (!end || *end)
		return -1;
	*number = value;
	return 0;
}

int number_read(const char *text, unsigned long max, unsigned long *number)
{
	return read_whole(text, 10, max, number);
}

int number_read_octal(const char *text, unsigned long max,
		      unsigned long *number)
{
	return read_whole(text, 8, max, number);
}

int number_read_signed(const char *text, long min, long max, long *number)
{
	unsigned long value;

	if (*text != '-') {
		if (max < 0 || number_read(text, (unsigned long)max, &value) ||
		    (long)value < min)
			return -1;
		*number = (long)value;
		return 0;
	}
	if (min >= 0 ||
	    number_read(text + 1, 0UL - (unsigned long)min, &value) ||
	    -(long)value > max)
		return -1;
	*number = -(long)value;
	return 0;
}

bool number_is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60000 },
	{ "h", 3600000 },
};

/* Far below what 64 bits of milliseconds can count. */
#define SECONDS_MAX 1000000000000UL

/* Reads ".5" into *THOUSANDTHS; returns the first character behind it. */
static const char *read_fraction(const char *text, int64_t *thousandths)
{
	int64_t weight = 100;

	*thousandths = 0;
	if (*text != '.')
		return text;
	if (text[1] < '0' || text[1] > '9')
		return NULL;
	while (*++text >= '0' && *text <= '9') {
		*thousandths += weight * (*text - '0');
		weight /= 10;
	}
	return text;
}

/*
 * The milliseconds of the unit at TEXT, and in *LENGTH its letters; 0 where
 * there is none. "ms" comes before "m".
 */
static int64_t read_unit(const char *text, size_t *length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		*length = strlen(units[i].name);
		if (!strncmp(text, units[i].name, *length))
			return units[i].ms;
	}
	return 0;
}

int time_read(const char *text, int64_t *ms)
{
	int64_t sum = 0;
	int64_t unit_before = INT64_MAX;
	bool joined = false;

	do {
		unsigned long whole = 0;
		int64_t thousandths = 0;
		int64_t unit = 1000;
		size_t length = 0;

		text = read_digits(text, 10, SECONDS_MAX, &whole);
		text = text ? read_fraction(text, &thousandths) : NULL;
		if (!text)
			return -1;
		/* Without a unit a number stands alone. */
		if (*text || joined)
			unit = read_unit(text, &length);
		/* Hours before minutes, and each once. */
		if (!unit || unit >= unit_before)
			return -1;
		sum += (int64_t)whole * unit + thousandths * unit / 1000;
		if (sum / 1000 > (int64_t)SECONDS_MAX)
			return -1;
		unit_before = unit;
		joined = true;
		text += length;
	} while (*text);
	*ms = sum;
	return 0;
}
