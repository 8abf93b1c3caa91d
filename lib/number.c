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
} units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 } };

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

int time_read(const char *text, int64_t *ms)
{
	unsigned long whole = 0;
	int64_t thousandths = 0;
	const char *unit = read_digits(text, 10, 86400000000UL, &whole);

	unit = unit ? read_fraction(unit, &thousandths) : NULL;
	for (size_t i = 0; unit && i < ARRAY_LENGTH(units); i++) {
		if (strcmp(unit, units[i].name))
			continue;
		int64_t value = (int64_t)whole * units[i].ms +
				thousandths * units[i].ms / 1000;

		if (value > 86400000000)
			return -1;
		*ms = value;
		return 0;
	}
	return -1;
}
