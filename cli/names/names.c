/*
 * The names of other tools: rind started as one of them takes its command line.
 * This file knows the grammar that they share, getopt(3)'s without its
 * reordering: the words behind the command are the command's.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/packed.h"
#include "base/words.h"
#include "cli/cli.h"
#include "cli/looking.h"
#include "cli/names/tool.h"

static const struct tool *const tools[] = {
	&tini_tool, &dumb_init_tool, &catatonit_tool, &pause_tool,
	&gosu_tool, &su_exec_tool,   &setpriv_tool,   NULL,
};

struct tool_reader {
	const struct tool *tool;
	struct parser *parser;
	uint32_t given; /* by row */
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const struct tool *tool_find(const char *path)
{
	const char *base = base_name(path);
	size_t length = strlen(base);

	for (const struct tool *const *tool = tools; *tool; tool++)
		if (word_find(word_at((*tool)->names, 1), base, length) >= 0)
			return *tool;
	return NULL;
}

/* The second part of a row, and the row behind it. */
static const char *does(const char *row)
{
	return word_at(row, 1);
}

static const char *next_row(const char *row)
{
	return word_at(row, 2);
}

static bool takes_value(const char *row)
{
	return *does(row) == ':' || *does(row) == '=';
}

/* By letter; or by NAME of LENGTH or its first letters, if they tell enough. */
static const char *find_row(const struct tool *tool, char letter,
			    const char *name, size_t length)
{
	const char *found = NULL;

	/* Variables come last. */
	for (const char *row = tool->options; *row && *row != '$';
	     row = next_row(row)) {
		if (letter ? *row != letter : strncmp(row + 1, name, length))
			continue;
		if (letter || !row[1 + length])
			return row;
		if (found)
			return NULL;
		found = row;
	}
	return length ? found : NULL;
}

static void add_tool_row(struct text *text, const char *row)
{
	const char *what = does(row);
	const char *words = *what == '=' ? what : strchr(what, ' ');
	char letter[] = { *row > '$' ? '-' : ' ', *row, '\0' };

	text_form(text, *row != '$' && row[1] ? "  % --%%" : "  %%%", letter,
		  row + 1, words ? "" : "  as --");
	text_add_packed(text, words ? words : what + (*what == ':'));
	text_add(text, "\n");
}

/* --version, or --help. */
static int answer_tool(const struct tool *tool, bool version)
{
	char buffer[2048];
	struct text text = text_in(buffer, sizeof(buffer));

	if (version) {
		text_form(&text, "%" RIND_VERSION " (rind)\n", tool->names,
			  NULL, NULL);
	} else {
		text_form(&text, "%%%", word_at(tool->names, 1),
			  tool->quirks & QUIRK_USER_FIRST ? " USER[:GROUP]"
							  : " [OPTION]...",
			  tool->quirks & QUIRK_PAUSE ? ""
						     : " COMMAND [ARG]...");
		text_add_packed(
			&text,
			TEXT("\nrind in its place; for \"as --\" see rind "
			     "--help.\n"));
		for (const char *row = tool->options; *row; row = next_row(row))
			add_tool_row(&text, row);
	}
	return print(text.data, text.length) ? -1 : 1;
}

/* rind's own option NAME[=VALUE]; VALUE where the row takes one. */
static int apply_own(struct tool_reader *reader, const char *name,
		     const char *value)
{
	struct parser *parser = reader->parser;
	size_t length = strcspn(name, "=");
	unsigned int place;
	const struct option *option = parser_find(name, length, '\0', &place);

	/* The last one wins, whatever rind makes of that. */
	parser->given[place] = 0;
	memset(parser->plan->supervision.rewritten, 0,
	       sizeof(parser->plan->supervision.rewritten));
	if (!value && name[length])
		value = name + length + 1;
	if (parser_apply(parser, option, place, value))
		return -1;
	if (!parser->answer)
		return 0;
	/* --license and the like take no value and no words. */
	return looking_answer(parser->answer, NULL, NULL, parser->error) < 0
		       ? -1
		       : 1;
}

/* Returns 0, 1 where it has been answered, or -1. */
static int apply(struct tool_reader *reader, const char *row, const char *value)
{
	struct plan *plan = reader->parser->plan;
	const char *what = does(row);
	unsigned int bit = 1U << ((what[1] - 'a') & 31);
	const char *reason;

	switch (*what) {
	case '+':
		plan->quirks |= bit;
		return 0;
	case '-':
		plan->quirks &= ~bit;
		return 0;
	case '=':
		reason = setpriv_read(plan, row + 1, value);
		if (!reason)
			return 0;
		return parser_fail(reader->parser, reader->parser->word, value,
				   reason, NULL);
	case 'h':
	case 'V':
		return answer_tool(reader->tool, *what == 'V');
	case ':':
		what++;
		break;
	}
	return apply_own(reader, what, value);
}

static int apply_once(struct tool_reader *reader, const char *row,
		      const char *value)
{
	uint32_t bit = 1;

	for (const char *r = reader->tool->options; r != row; r = next_row(r))
		bit <<= 1;
	if (reader->given & bit && !(reader->tool->quirks & QUIRK_LAST_WINS))
		return parser_fail(reader->parser, reader->parser->word, value,
				   TEXT("given twice"), NULL);
	reader->given |= bit;
	return apply(reader, row, value);
}

static int unusable(const struct tool_reader *reader, const char *row)
{
	return parser_fail(reader->parser, reader->parser->word, NULL,
			   row ? TEXT("needs a value, or takes none")
			       : TEXT("unknown option"),
			   NULL);
}

/* "--name", "--name=value": returns as apply(), *USED counts the words. */
static int read_long(struct tool_reader *reader, char **words, int *used)
{
	size_t length = strcspn(words[0] + 2, "=");
	const char *row = find_row(reader->tool, '\0', words[0] + 2, length);
	const char *value = words[0][2 + length] ? words[0] + 3 + length : NULL;

	reader->parser->word = strndup(words[0], 2 + length);
	if (row && takes_value(row) && !value) {
		value = words[1];
		*used = 2;
	}
	if (!row || !value == takes_value(row))
		return unusable(reader, row);
	return apply_once(reader, row, value);
}

/* "-abc", of which the last may take a value, behind it or as a word. */
static int read_letters(struct tool_reader *reader, char **words, int *used)
{
	static char option[3] = "-";
	int result = 0;

	reader->parser->word = option;
	for (const char *at = words[0] + 1; *at && !result; at++) {
		const char *row = find_row(reader->tool, *at, "", 0);
		const char *value = NULL;

		option[1] = *at;
		if (!row || *at == ' ')
			return unusable(reader, NULL);
		if (!takes_value(row)) {
			result = apply_once(reader, row, NULL);
			continue;
		}
		value = at[1] ? at + 1 : words[1];
		*used = at[1] ? 1 : 2;
		return value ? apply_once(reader, row, value)
			     : unusable(reader, row);
	}
	return result;
}

/* Whether ENTRY of the environment is VARIABLE, or has that name. */
static bool is_variable(const char *entry, const char *variable)
{
	while (*variable && *entry == *variable) {
		entry++;
		variable++;
	}
	return !*variable && (!*entry || *entry == '=');
}

/* They have no value and no answer, so none of them can fail. */
static void read_variables(struct tool_reader *reader)
{
	for (const char *row = reader->tool->options; *row; row = next_row(row))
		for (char **entry = environ; *row == '$' && *entry; entry++) {
			if (!is_variable(*entry, row + 1))
				continue;
			reader->parser->word = row + 1;
			apply(reader, row, NULL);
		}
}

static void begin(const struct tool *tool, struct plan *plan)
{
	plan->quirks = tool->quirks;
	plan->allow_new_privs = true;
	memcpy(plan->exits, tool->exits, sizeof(plan->exits));
	for (int signal = 1; signal < 32; signal++)
		if (tool->swallowed >> (signal - 1) & 1)
			plan->supervision.rewrite[signal] = 0;
}

int tool_read(const struct tool *tool, int argc, char **argv,
	      struct parser *parser)
{
	struct tool_reader reader = { .tool = tool, .parser = parser };
	struct plan *plan = parser->plan;
	const char *reason = TEXT("no command to run");
	int at = 1;

	begin(tool, plan);
	parser->tool = base_name(argv[0]);
	read_variables(&reader);
	while (at < argc && argv[at][0] == '-' && argv[at][1]) {
		int used = 1;
		int result;

		/* Any other first word is a user. */
		if (tool->quirks & QUIRK_USER_FIRST && argc != 2)
			break;
		if (!strcmp(argv[at], "--")) {
			at++;
			break;
		}
		result = argv[at][1] == '-'
				 ? read_long(&reader, argv + at, &used)
				 : read_letters(&reader, argv + at, &used);
		if (result)
			return result;
		at += used;
	}
	plan->command = argv + at;
	if (plan->quirks & QUIRK_PAUSE)
		return 0;
	if (*plan->command)
		reason = tool->finish ? tool->finish(plan) : NULL;
	return reason ? parser_fail(parser, "command line", NULL, reason, NULL)
		      : 0;
}
