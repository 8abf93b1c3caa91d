/* Whom the OOM killer takes first (proc_pid_oom_score_adj(5)). */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/number.h"
#include "lib/text.h"
#include "setup/steps.h"
#include "sys/procfs.h"

static const char *read_oom_score_adj(struct plan *plan, const char *value)
{
	struct plan_number *score = &plan->process.oom_score_adj;

	score->given = true;
	if (number_read_signed(value, -1000, 1000, &score->value))
		return "not a score from -1000 to 1000";
	return NULL;
}

static const struct option oom_score_options[] = {
	{ .name = "oom-score-adj",
	  .metavar = "N",
	  .help = "bias the OOM killer, -1000 (never) to 1000 (first)",
	  .kind = OPTION_VALUE,
	  .read = read_oom_score_adj },
};

const struct option_table oom_score_option_table =
	OPTION_TABLE(GROUP_PROCESS, oom_score_options);

static int write_oom_score(struct app *app, struct error *error)
{
	static const char path[] = "/proc/self/oom_score_adj";
	const struct plan_number *score = &app->plan->process.oom_score_adj;
	char buffer[16];
	struct text text = text_in(buffer, sizeof(buffer));
	int fd;
	int result = 0;

	if (!score->given)
		return 0;
	text_addf(&text, "%ld", score->value);
	fd = procfs_open(path, O_WRONLY);
	if (fd < 0)
		return error_errno(error, "oom-score-adj", path, "mount /proc");
	if (write(fd, buffer, text.length) < 0)
		result = error_errno(error, "oom-score-adj", buffer,
				     "start rind with CAP_SYS_RESOURCE, or "
				     "give a higher number");
	close(fd);
	return result;
}

const struct app_step oom_score_step = {
	.text = { .name = "oom-score-adj", .options = { "oom-score-adj" } },
	.run = write_oom_score,
};
