/*
 * What the fuzz targets share. A target is fed bytes that rind did not write; a
 * property that does not hold is a crash, and libFuzzer keeps the input.
 *
 * Inputs are text, so that seeds can be read: a line is a word (of a command
 * line, an environment), a NUL stands for the newline in a word, and a line
 * that is "%" divides the parts of an input.
 */
#ifndef RIND_FUZZ_H
#define RIND_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "lib/list.h"
#include "plan.h"
#include "setup/setup.h"

struct target {
	const char *name;
	/* INPUT has a NUL behind it, and may hold others. */
	void (*run)(const struct target *target, char *input, size_t size);
	const char *about; /* the options that it takes, with commas between */
	const char *words; /* for the dictionary, one behind the other */
};

extern const struct target targets[];

/* A property does not hold: says why, as printf(3), and aborts. */
_Noreturn void wrong(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The next part of an input of *SIZE at *REST; "" behind the last. */
char *next_part(char **rest, size_t *size, size_t *length);

/* The lines of a part as words, each in memory of its own size. */
struct list words_of(const char *part, size_t length);

/* It is one line of the form "STEP: ..." that no terminal can be hurt by. */
void check_error(const struct error *error);

/* No byte that a terminal would act on, and no byte beyond ASCII. */
void check_printable(const char *what, const char *text);

/* The same of each line that was printed since clear_output(). */
void check_output(void);

/*
 * instead.c: memory that ends with the input, and files that are not there. The
 * rest is what rind has printed to stdout since the last clear_output().
 */
void free_all(void);
void add_file(const char *path, const char *data, size_t length);
void clear_files(void);
const char *output(void);
void clear_output(void);

/* Set where what stays open was opened: by real_file() ... */
extern bool has_opened;

/* ... or by what rind would end with, an answer as that of --check. */
extern bool has_answered;

/*
 * A directory in the place of /proc/self and of /proc/PID of any number, and a
 * file in it.
 */
int process_directory(void);
void process_file(const char *name, const char *data, size_t length);

/* A file of these bytes by its path, for what opens it by itself. */
const char *real_file(const char *data, size_t length);

/* plan.c: all of a plan as text; without WHERE, not what came from where. */
const char *plan_text(const struct plan *plan, bool where);

/*
 * GIVEN or the first behind it that is no --config: where options stand is
 * theirs, and differs where the same plan comes by another way.
 */
const struct plan_given *without_config(const struct plan_given *given);

/* The same plan is what is expected: BY says how it was made. */
void check_same(const struct plan *plan, const struct plan *again, bool where,
		const char *by);

/*
 * Reads ARGV and checks all that is true of any command line. Returns whether
 * there is a plan.
 */
bool read_words(struct list argv, struct plan *plan);

/* again.c: the same plan comes out of --explain's words, a file and a line. */
void check_plan(const struct plan *plan);

/* "--NAME=VALUE"; without a VALUE, "--NAME". */
void add_option(struct list *argv, const char *name, const char *value);

/* Whether VALUE can stand in a config file so that it is read as it is. */
bool fits_config(const char *value);

/* The same in a config file, whose name ARGV gets. */
void add_in_file(struct list *argv, const char *name, const char *value);

typedef void run_target(const struct target *target, char *input, size_t size);
run_target run_command_line, run_config, run_option, run_options, run_id_map,
	run_passwd, run_env_file, run_listen, run_name, run_assertion,
	run_mountinfo, run_status, run_cgroup, run_program, run_file, run_text;

/* Whether WORD, "NAME" or "NAME=VALUE", is one of TARGET's options. */
bool is_about(const struct target *target, const char *word);

/* Tell the words of a dictionary: of rind's options, of a tool's. */
void tell_options(const struct target *target, void (*tell)(const char *word));
void tell_profile(const struct target *target, void (*tell)(const char *word));

#endif
