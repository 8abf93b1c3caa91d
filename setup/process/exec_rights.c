/*
 * The rights that an executable brings with it: setuid, setgid and file
 * capabilities (execve(2)). no_new_privs makes them void without a word, and
 * the program then fails in its own way, as sudo(8) and sendmail(8) do.
 */
#include "setup/process/exec_rights.h"

#include <stdbool.h>
#include <sys/xattr.h>

#include "lib/log.h"
#include "lib/text.h"

static void add_right(struct text *text, bool has, const char *name)
{
	if (has)
		text_addf(text, "%s%s", text->length ? ", " : "", name);
}

void exec_rights_explain(const struct app *app, const char *path,
			 const struct stat *status)
{
	const mode_t setgid = S_ISGID | S_IXGRP; /* alone it is a lock's mark */
	bool no_new_privs = !app->plan->confinement.allow_new_privs;
	char reason[120];
	struct text text = text_in(reason, sizeof(reason));
	struct error error;

	add_right(&text, status->st_mode & S_ISUID, "setuid");
	add_right(&text, (status->st_mode & setgid) == setgid, "setgid");
	add_right(&text, getxattr(path, "security.capability", NULL, 0) > 0,
		  "file capabilities");
	if (!text.length)
		return;
	if (no_new_privs) {
		text_add(&text, ": without effect under no_new_privs");
		error_set(&error, "exec", path, reason,
			  "if it needs them, add --allow-new-privs");
	} else {
		text_add(&text, ": in effect, within the list of --cap");
		error_set(&error, "exec", path, reason, NULL);
	}
	log_line(error.line, LOG_NOW);
}
