/* Niceness (sched(7)), the OOM killer's score (proc(5)), and umask(2). */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/number.h"
#include "lib/text.h"
#include "setup/steps.h"
#include "sys/procfs.h"

static const char *read_nice(struct plan *plan, const char *value)
{
	plan->process.nice.given = true;
	if (!number_read_signed(value, -20, 19, &plan->process.nice.value))
		return NULL;
	return "not a niceness from -20 to 19";
}

static const char *read_oom(struct plan *plan, const char *value)
{
	plan->process.oom_score_adj.given = true;
	if (!number_read_signed(value, -1000, 1000,
				&plan->process.oom_score_adj.value))
		return NULL;
	return "not a score from -1000 to 1000";
}

static const char *read_umask(struct plan *plan, const char *value)
{
	unsigned long mask;

	if (number_read_octal(value, 0777, &mask))
		return "not an octal number from 0 to 777";
	plan->process.umask = (struct plan_number){ true, (long)mask };
	return NULL;
}

static const struct option priority_options[] = {
	{ .name = "umask",
	  .metavar = "OCTAL",
	  .help = "the file mode creation mask",
	  .kind = OPTION_VALUE,
	  .read = read_umask },
	{ .name = "nice",
	  .metavar = "N",
	  .help = "niceness, -20 to 19",
	  .kind = OPTION_VALUE,
	  .read = read_nice },
	{ .name = "oom-score-adj",
	  .metavar = "N",
	  .help = "who goes first when memory is short, -1000 to 1000",
	  .kind = OPTION_VALUE,
	  .read = read_oom },
};

const struct option_table priority_option_table =
	OPTION_TABLE(GROUP_PROCESS, priority_options);

int nice_setup(struct app *app, struct error *error)
{
	const struct plan_number *nice = &app->plan->process.nice;

	if (nice->given && setpriority(PRIO_PROCESS, 0, (int)nice->value))
		return error_errno(error, "nice", NULL,
				   "lowering it needs CAP_SYS_NICE");
	return 0;
}

int oom_setup(struct app *app, struct error *error)
{
	static const char path[] = "/proc/self/oom_score_adj";
	const struct plan_number *score = &app->plan->process.oom_score_adj;
	char buffer[16];
	struct text text = text_in(buffer, sizeof(buffer));
	int fd;
	ssize_t written;

	if (!score->given)
		return 0;
	text_addf(&text, "%ld", score->value);
	fd = procfs_open(path, O_WRONLY);
	if (fd < 0)
		return error_errno(error, "oom-score-adj", path,
				   "is /proc mounted?");
	written = write(fd, buffer, text.length);

	if (written < 0)
		error_errno(error, "oom-score-adj", buffer,
			    "lowering it needs CAP_SYS_RESOURCE");
	close(fd);
	return written < 0 ? -1 : 0;
}

int umask_setup(struct app *app, struct error *error)
{
	(void)error;
	if (app->plan->process.umask.given)
		umask((mode_t)app->plan->process.umask.value);
	return 0;
}
