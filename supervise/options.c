/* The supervisor's options: how it reads them. */
#include <string.h>

#include "base/number.h"
#include "base/packed.h"
#include "base/words.h"
#include "setup/rooms.h"

static const char *read_forward_to(struct plan *plan, const char *value)
{
	int whom = word_find("main\0group\0all\0", value, strlen(value));

	plan->supervision.forward_to = (enum forward_to)whom;
	if (whom >= 0)
		return NULL;
	return TEXT("neither main, group nor all");
}

/* The kernel lets nobody catch these two (signal(7)). */
static int can_be_caught(int signal)
{
	return signal > 0 && signal != SIGKILL && signal != SIGSTOP;
}

static const char *read_rewrite(struct plan *plan, const char *value)
{
	uint8_t *rewrite = plan->supervision.rewrite;
	uint8_t *given = plan->supervision.rewritten;
	size_t length = strcspn(value, ":");
	int from = signal_from_name(strndup(value, length));
	int to = !value[length] ? -1
		 : strcmp(value + length, ":0")
			 ? signal_from_name(value + length + 1)
			 : 0;

	if (!value[length])
		return TEXT("no colon (FROM:TO)");
	if (!can_be_caught(from))
		return TEXT("FROM is not a signal that can be caught");
	if (to < 0)
		return TEXT("TO is not a signal (0 swallows)");
	if (given[from] == plan->reading)
		return TEXT("this signal is rewritten already");
	if (given[from] < plan->reading) {
		rewrite[from] = (uint8_t)to;
		given[from] = (uint8_t)plan->reading;
	}
	return NULL;
}

static const char *read_time(const char *value, int64_t *ms)
{
	if (!time_read(value, ms))
		return NULL;
	return TEXT("not a time (a number with ms, s or m)");
}

static const char *read_stop_delay(struct plan *plan, const char *value)
{
	return read_time(value, &plan->supervision.stop_delay_ms);
}

static const char *read_stop_timeout(struct plan *plan, const char *value)
{
	int64_t *timeout = &plan->supervision.stop_timeout_ms;
	const char *wrong = read_time(value, timeout);

	*timeout += !*timeout; /* 0 s is at once, not never */
	return wrong;
}

static const char *read_stop_grace(struct plan *plan, const char *value)
{
	return read_time(value, &plan->supervision.stop_grace_ms);
}

static const char *read_wait(struct plan *plan, const char *value)
{
	plan->supervision.wait_all = !strcmp(value, "all");
	if (plan->supervision.wait_all || !strcmp(value, "main"))
		return NULL;
	return TEXT("neither main nor all");
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
			return TEXT("not a list of exit codes from 0 to 255");
		plan->supervision.success[number / 64] |= 1ULL << number % 64;
		if (!value[length])
			return NULL;
		value += length + 1;
	}
}

static const struct option supervision_options[] = {
	{ .name = "exec\0\0" TEXT("no supervisor: set up, then become the app"),
	  .flag = offsetof(struct plan, supervision.exec) },
	{ .name = "forward-to\0WHOM\0" TEXT(
		  "who gets a signal: main* (the app), group, all"),
	  .read = read_forward_to,
	  .supervises = true },
	{ .name = "rewrite\0FROM:TO\0" TEXT(
		  "forward FROM as TO; TO 0 swallows it"),
	  .read = read_rewrite,
	  .supervises = true,
	  .adds_up = true },
	{ .name = "stop-delay\0TIME\0" TEXT(
		  "wait before a stop signal is forwarded (0*)"),
	  .read = read_stop_delay,
	  .supervises = true },
	{ .name = "stop-timeout\0TIME\0" TEXT(
		  "SIGKILL to all that long after it (never*)"),
	  .read = read_stop_timeout,
	  .supervises = true },
	{ .name = "stop-grace\0TIME\0" TEXT(
		  "SIGTERM to SIGKILL, for what the app leaves (5s*)"),
	  .read = read_stop_grace,
	  .supervises = true },
	{ .name = "wait\0WHOM\0" TEXT("end with main* (the app), or with all"),
	  .read = read_wait,
	  .supervises = true },
	{ .name = "success\0CODE[,CODE]...\0" TEXT(
		  "report these exit codes as 0"),
	  .read = read_success,
	  .supervises = true,
	  .adds_up = true },
};

const struct facility supervision_facility = { GROUP_SUPERVISION,
					       OPTIONS(supervision_options) };
