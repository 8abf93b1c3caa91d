/* All options, from the tables of the rooms that they are of. */
#include "cli/option_tables.h"

#include <string.h>

#include "cli/information.h"
#include "setup/setup.h"
#include "supervise/supervise.h"

const struct option_table *option_table_at(size_t number)
{
	for (size_t i = 0; setup_option_tables[i]; i++)
		if (number-- == 0)
			return setup_option_tables[i];
	switch (number) {
	case 0:
		return &supervision_option_table;
	case 1:
		return &information_option_table;
	default:
		return NULL;
	}
}

const struct option *option_at(size_t place)
{
	const struct option_table *table;

	for (size_t i = 0; (table = option_table_at(i)); i++) {
		if (place < table->count)
			return &table->options[place];
		place -= table->count;
	}
	return NULL;
}

const struct option *option_by_name(const char *name, size_t length)
{
	const struct option *option;

	for (size_t place = 0; (option = option_at(place)); place++)
		if (strlen(option->name) == length &&
		    !memcmp(option->name, name, length))
			return option;
	return NULL;
}

const struct option *option_by_letter(char letter)
{
	const struct option *option;

	for (size_t place = 0; (option = option_at(place)); place++)
		if (option->letter == letter)
			return option;
	return NULL;
}

size_t option_place(const struct option *option)
{
	size_t place = 0;

	while (option_at(place) != option)
		place++;
	return place;
}
