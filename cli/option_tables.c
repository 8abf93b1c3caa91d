/* All options, from the tables of all rooms. */
#include "cli/option_tables.h"

#include "cli/information.h"
#include "lib/array.h"
#include "lib/words.h"
#include "supervise/supervise.h"

/* Each is in the file that acts on its options. */
extern const struct option_table user_option_table, caps_option_table,
	new_privs_option_table, namespaces_option_table, hostname_option_table,
	clock_option_table, id_map_option_table, mounts_option_table,
	workdir_option_table, umask_option_table, nice_option_table,
	oom_score_option_table, limits_option_table, environment_option_table,
	descriptors_option_table;

/* In the order of --help: the tables of one group stand together. */
static const struct option_table *const tables[] = {
	&user_option_table,        &caps_option_table,
	&new_privs_option_table,   &namespaces_option_table,
	&hostname_option_table,    &clock_option_table,
	&id_map_option_table,      &mounts_option_table,
	&workdir_option_table,     &umask_option_table,
	&nice_option_table,        &oom_score_option_table,
	&limits_option_table,      &environment_option_table,
	&descriptors_option_table, &supervision_option_table,
	&information_option_table,
};

const struct option_table *option_table_at(size_t number)
{
	if (number < ARRAY_LENGTH(tables))
		return tables[number];
	return NULL;
}

const struct option *option_at(size_t number)
{
	const struct option_table *table;

	for (size_t i = 0; (table = option_table_at(i)); i++) {
		if (number < table->count)
			return &table->options[number];
		number -= table->count;
	}
	return NULL;
}

const struct option *option_by_name(const char *name, size_t length)
{
	const struct option *option;

	for (size_t i = 0; (option = option_at(i)); i++)
		if (word_is(name, length, option->name))
			return option;
	return NULL;
}

const struct option *option_by_letter(char letter)
{
	const struct option *option;

	for (size_t i = 0; (option = option_at(i)); i++)
		if (option->letter == letter)
			return option;
	return NULL;
}
