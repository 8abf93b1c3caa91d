/*
 * struct plan: all that was asked for, and nothing else.
 *
 * Parsing fills it and makes no system call that changes anything; the steps
 * read it and never argv. Strings and lists are borrowed from argv and live as
 * long as the process. An option that was not given leaves its field at zero
 * unless the field says otherwise.
 */
#ifndef RIND_PLAN_H
#define RIND_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "base/list.h"
#include "base/signals.h"

enum forward_to {
	FORWARD_MAIN,  /* the app alone */
	FORWARD_GROUP, /* its process group */
	FORWARD_ALL,   /* every process of the container */
};

struct plan_caps {
	uint64_t whitelist; /* bit N is capability N */
	bool all;           /* whatever the bounding set holds */
	bool given;
};

struct plan_limit {
	bool given;
	struct rlimit value;
};

/* A whole number that may not have been given. */
struct plan_number {
	bool given;
	long value;
};

struct plan_environment {
	bool clear;
	struct list files, set, unset;
};

struct plan_supervision {
	bool exec;
	enum forward_to forward_to;
	bool wait_all;
	int parent_death; /* a signal, or 0 */
	int64_t stop_delay_ms;
	int64_t stop_timeout_ms; /* 0: no timeout */
	int64_t stop_grace_ms;
	uint64_t success[4];             /* a bit for each exit code */
	uint8_t rewrite[SIGNAL_MAX + 1]; /* what FROM becomes; 0 swallows */
};

struct plan {
	char **command; /* the app's argv, NULL-terminated */
	bool verbose;

	const char *user;   /* USER[:GROUP], or NULL */
	const char *groups; /* G[,G]..., or NULL */
	struct plan_caps caps;
	bool allow_new_privs;

	struct plan_limit limits[RLIM_NLIMITS];
	struct plan_number nice, oom_score_adj, umask;
	const char *workdir;
	struct plan_environment environment;
	struct list keep_fds; /* numbers, already checked */

	struct plan_supervision supervision;
};

#endif
