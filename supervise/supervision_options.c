/* The supervisor's options: how it reads them. */
#include <string.h>

#include "lib/arena.h"
#include "lib/array.h"
#include "lib/number.h"
#include "supervise/supervise.h"

static const char *read_forward_to(struct plan *plan, const char *value)
{
	static const char *const words[] = {
		[FORWARD_MAIN] = "main",
		[FORWARD_GROUP] = "group",
		[FORWARD_ALL] = "all",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		if (strcmp(value, words[i]))
			continue;
		plan->supervision.forward_to = (enum forward_to)i;
		return NULL;
	}
	return "neither main, group nor all (write main, group or all)";
}

static const char *check_from(int signal)
{
	if (signal <= 0)
		return "FROM is no signal (write TERM, RTMIN+3 or 15)";
	/* The kernel lets nobody catch these two (signal(7)). */
	if (signal == SIGKILL)
		return "SIGKILL cannot be caught";
	if (signal == SIGSTOP)
		return "SIGSTOP cannot be caught";
	return NULL;
}

/* Forwards FROM as TO; refused with TWICE where this place has said so. */
static const char *rewrite(struct plan *plan, int from, int to,
			   const char *twice)
{
	struct plan_supervision *supervision = &plan->supervision;

	if (supervision->rewritten[from] == plan->reading)
		return twice;
	supervision->rewrite[from] = (uint8_t)to;
	supervision->rewritten[from] = plan->reading;
	return NULL;
}

static const char *read_rewrite(struct plan *plan, const char *value)
{
	const char *colon = strchr(value, ':');
	const char *reason;
	int from;
	int to;

	if (!colon)
		return "no colon (write FROM:TO, such as TERM:QUIT)";
	from = signal_from_name(arena_strndup(value, (size_t)(colon - value)));
	to = strcmp(colon + 1, "0") ? signal_from_name(colon + 1) : 0;
	reason = check_from(from);
	if (reason)
		return reason;
	if (to < 0)
		return "TO is no signal (write INT, RTMIN+3, 15, or 0 to discard)";
	if (from == SIGTERM)
		plan->supervision.stop_signal = false;
	return rewrite(plan, from, to, "this signal is rewritten already");
}

static const char *read_stop_signal(struct plan *plan, const char *value)
{
	int to = signal_from_name(value);

	if (to < 0)
		return "not a signal (write QUIT, RTMIN+3 or 15)";
	plan->supervision.stop_signal = true;
	return rewrite(plan, SIGTERM, to,
		       "SIGTERM is rewritten already (remove this option, or "
		       "--rewrite=TERM:SIG)");
}

/* What --stop-signal says is not in its list. */
static void clear_rewrite(struct plan *plan)
{
	struct plan_supervision *supervision = &plan->supervision;

	for (int signal = 1; signal <= SIGNAL_MAX; signal++) {
		if (signal == SIGTERM && supervision->stop_signal)
			continue;
		supervision->rewrite[signal] = (uint8_t)signal;
		supervision->rewritten[signal] = PLACE_DEFAULT;
	}
}

static const char *read_time(const char *value, int64_t *ms)
{
	if (!time_read(value, ms))
		return NULL;
	return "not a time (write 500ms, 10s, 2m or 1m30s)";
}

static const char *read_stop_delay(struct plan *plan, const char *value)
{
	return read_time(value, &plan->supervision.stop_delay_ms);
}

static const char *read_stop_timeout(struct plan *plan, const char *value)
{
	plan->supervision.times_out = true;
	return read_time(value, &plan->supervision.stop_timeout_ms);
}

static const char *read_stop_grace(struct plan *plan, const char *value)
{
	return read_time(value, &plan->supervision.stop_grace_ms);
}

static const char *read_wait(struct plan *plan, const char *value)
{
	enum plan_leftovers *leftovers = &plan->supervision.leftovers;

	if (!strcmp(value, "all"))
		*leftovers = LEFTOVERS_WAIT;
	else if (!strcmp(value, "main"))
		*leftovers = LEFTOVERS_TERMINATE;
	else
		return "neither main nor all (write main or all)";
	return NULL;
}

static const char *read_success(struct plan *plan, const char *value)
{
	for (;;) {
		size_t length = strcspn(value, ",");
		char code[8] = "";
		unsigned long number;

		if (length < sizeof(code))
			memcpy(code, value, length);
		if (number_read(code, 255, &number))
			return "not a list of exit codes from 0 to 255";
		plan->supervision.success[number] = true;
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static void clear_success(struct plan *plan)
{
	memset(plan->supervision.success, 0, sizeof(plan->supervision.success));
}

static const char *read_parent_death(struct plan *plan, const char *value)
{
	int signal = signal_from_name(value);

	plan->supervision.parent_death = signal;
	return signal < 0 ? "not a signal from 1 to 64" : NULL;
}

static bool *die_with_rind_field(struct plan *plan)
{
	return &plan->supervision.die_with_rind;
}

static bool *exec_field(struct plan *plan)
{
	return &plan->supervision.exec;
}

static const struct option supervision_options[] = {
	{ .name = "exec",
	  .help = "run without a supervisor: set up, become the app",
	  .kind = OPTION_SWITCH,
	  .field = exec_field },
	{ .name = "forward-to",
	  .metavar = "WHOM",
	  .help = "forward signals to main* (the app), group or all",
	  .kind = OPTION_VALUE,
	  .read = read_forward_to,
	  .needs_supervisor = true },
	{ .name = "rewrite",
	  .metavar = "FROM:TO",
	  .help = "forward signal FROM as TO (0: discard it)",
	  .kind = OPTION_VALUE,
	  .read = read_rewrite,
	  .clear = clear_rewrite,
	  .repeatable = true,
	  .needs_supervisor = true },
	{ .name = "stop-signal",
	  .metavar = "SIG",
	  .help = "forward SIGTERM as SIG (as --rewrite=TERM:SIG)",
	  .kind = OPTION_VALUE,
	  .read = read_stop_signal,
	  .needs_supervisor = true },
	{ .name = "stop-delay",
	  .metavar = "TIME",
	  .help = "wait TIME before forwarding a stop signal (0*)",
	  .kind = OPTION_VALUE,
	  .read = read_stop_delay,
	  .needs_supervisor = true },
	{ .name = "stop-timeout",
	  .metavar = "TIME",
	  .help = "SIGKILL everything TIME after the stop signal (never*)",
	  .kind = OPTION_VALUE,
	  .read = read_stop_timeout,
	  .needs_supervisor = true },
	{ .name = "stop-grace",
	  .metavar = "TIME",
	  .help = "SIGKILL what the app leaves TIME after SIGTERM (5s*)",
	  .kind = OPTION_VALUE,
	  .read = read_stop_grace,
	  .needs_supervisor = true },
	{ .name = "wait",
	  .metavar = "WHOM",
	  .help = "exit when main* (the app) or all have ended",
	  .kind = OPTION_VALUE,
	  .read = read_wait,
	  .needs_supervisor = true },
	{ .name = "success",
	  .metavar = "CODE[,CODE]...",
	  .help = "report these exit codes of the app as 0",
	  .kind = OPTION_VALUE,
	  .read = read_success,
	  .clear = clear_success,
	  .repeatable = true,
	  .needs_supervisor = true },
	{ .name = "parent-death",
	  .metavar = "SIG",
	  .help = "send SIG when rind's parent dies (none*)",
	  .kind = OPTION_VALUE,
	  .read = read_parent_death },
	{ .name = "die-with-rind",
	  .help = "SIGKILL the app when rind dies",
	  .kind = OPTION_SWITCH,
	  .field = die_with_rind_field,
	  .needs_supervisor = true },
};

const struct option_table supervision_option_table =
	OPTION_TABLE(GROUP_SUPERVISION, supervision_options);

/* What stands between the last step and the command. */
static const struct step_text start_texts[] = {
	{ .name = "parent-death",
	  .options = { "parent-death", "die-with-rind" },
	  .reason = "armed after the last change of ids" },
	{ .name = "exec",
	  .options = { "exec" },
	  .reason = "the app takes rind's place" },
};

/* What the supervisor keeps to; the steps above are over by then. */
static const struct step_text supervisor_texts[] = {
	{ .name = "PID 1",
	  .defaults = { { NULL, "CAP_KILL or nothing, no_new_privs" } },
	  .reason = "out of the app's reach before its first instruction" },
	{ .name = "signals",
	  .options = { "forward-to", "rewrite", "stop-signal" },
	  .defaults = { { "forward-to", "main" }, { "rewrite", "none" } },
	  .reason = "each reaches the app once" },
	{ .name = "stop",
	  .options = { "stop-delay", "stop-timeout" },
	  .defaults = { { "stop-delay", "0" }, { "stop-timeout", "never" } },
	  .reason = "from the first stop signal on" },
	{ .name = "end",
	  .options = { "wait", "stop-grace" },
	  .defaults = { { "wait", "main" }, { "stop-grace", "5s" } },
	  .reason = "what the app leaves is asked first, and killed last" },
	{ .name = "exit code",
	  .options = { "success" },
	  .defaults = { { NULL, "the app's own" } },
	  .reason = "128+N for signal N" },
};

void supervision_visit(const struct plan *plan, step_visitor *visit,
		       void *context)
{
	for (size_t i = 0; i < ARRAY_LENGTH(start_texts); i++)
		visit(context, &start_texts[i]);
	if (plan->supervision.exec)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(supervisor_texts); i++)
		visit(context, &supervisor_texts[i]);
}
