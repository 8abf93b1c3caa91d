/*
 * fault [-u UID] [-1] [-s] [-c] [-a PROGRAM] REPORT WHERE COMMAND...: runs
 * COMMAND and makes one system call of it fail, or ends the process that makes
 * it.
 *
 * WHERE is "trace" (nothing fails; each call is reported), or
 * PROCESS:CALL:NTH:ACTION. PROCESS counts the processes in the order in which
 * they come to be, from 0; CALL is a system call's number; NTH counts the calls
 * with that number in that process, from 1. ACTION is the errno, "kill" for a
 * SIGKILL in place of the call, or an errno with "+": that call and all later
 * ones of that number, in every process.
 *
 * Watched is what comes before PROGRAM has been executed; then all processes
 * run on untouched. REPORT, a file, gets a line for each thing seen:
 *
 *	call PROCESS NUMBER	it made this call (trace)
 *	hit			the fault was brought about
 *	app			PROGRAM was executed
 *	holds PROCESS FIELD	what another process then was
 *	crash PROCESS SIGNAL	a fault of its own met it
 *	left COUNT		so many processes were there, a while after
 *	hang			COMMAND did not end
 *
 * -u UID: as this user, without groups and capabilities. -1: as PID 1 of a PID
 * namespace with a /proc of its own. -s: with SIGCHLD and SIGHUP ignored, and
 * SIGUSR1 blocked. -c: with stderr closed. strace(1) would count the calls of
 *all processes alike, so that no single one could be met.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <grp.h>
#include <linux/ptrace.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reg.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PROCESSES = 32,
	CALLS = 1024,
	PATIENCE = 20, /* seconds until COMMAND hangs */
	LEFT = 3,      /* seconds for the others to end after it */
};

#define OPTIONS                                                            \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | \
	 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE)

struct process {
	pid_t pid;
	int calls[CALLS];
	bool failing; /* it is in the call that fails */
	bool released;
};

static struct process processes[PROCESSES];
static int process_count;
static FILE *report;
static const char *program = "";
static struct {
	bool trace;
	int process, call, nth, error;
	bool kill, all;
} where;
static volatile sig_atomic_t time_over;
static bool without_stderr;
static bool app_runs;

static void on_alarm(int signal)
{
	(void)signal;
	time_over = 1;
}

static struct process *process_of(pid_t pid)
{
	for (int i = 0; i < process_count; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (process_count == PROCESSES)
		exit(99);
	processes[process_count].pid = pid;
	return &processes[process_count++];
}

/* What the call would have done is done by no other call. */
static void skip_call(pid_t pid)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, (void *)(8 * ORIG_RAX), (void *)-1);
#else
	int none = -1;
	struct iovec part = { &none, sizeof(none) };

	ptrace(PTRACE_SETREGSET, pid, (void *)0x404, &part);
#endif
}

static void set_result(pid_t pid, long result)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, (void *)(8 * RAX), (void *)result);
#else
	unsigned long registers[34];
	struct iovec part = { registers, sizeof(registers) };

	ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &part);
	registers[0] = (unsigned long)result;
	ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &part);
#endif
}

static bool is_meant(const struct process *p, int call)
{
	int number = (int)(p - processes);

	if (where.trace || call != where.call)
		return false;
	if (where.all)
		return number > where.process ||
		       (number == where.process && p->calls[call] >= where.nth);
	return number == where.process && p->calls[call] == where.nth;
}

static void on_call(struct process *p)
{
	struct ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, (void *)sizeof(info),
		   &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		if (p->failing)
			set_result(p->pid, -where.error);
		p->failing = false;
		return;
	}
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr >= CALLS)
		return;

	int call = (int)info.entry.nr;

	p->calls[call]++;
	if (where.trace)
		fprintf(report, "call %d %d\n", (int)(p - processes), call);
	if (!is_meant(p, call))
		return;
	fprintf(report, "hit\n");
	if (where.kill) {
		kill(p->pid, SIGKILL);
		return;
	}
	p->failing = true;
	/* The kernel closes the descriptor whatever close(2) then says. */
	if (call != SYS_close)
		skip_call(p->pid);
}

static bool is_the_app(pid_t pid)
{
	char path[32];
	char link[4096] = "";

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (readlink(path, link, sizeof(link) - 1) < 0)
		return false;
	return strlen(link) >= strlen(program) &&
	       !strcmp(link + strlen(link) - strlen(program), program);
}

/* What the others are while the app begins, as far as it is for good. */
static void tell_others(pid_t app)
{
	static const char *const fields[] = {
		"Uid:",    "Gid:",   "Groups:", "CapInh",     "CapPrm:",
		"CapEff:", "CapBnd", "CapAmb:", "NoNewPrivs", "SigCgt"
	};
	char path[32];
	char line[256];

	for (int i = 0; i < process_count; i++) {
		FILE *status;

		snprintf(path, sizeof(path), "/proc/%d/status",
			 processes[i].pid);
		if (processes[i].pid == app || !(status = fopen(path, "re")))
			continue;
		while (fgets(line, sizeof(line), status) &&
		       strncmp(line, "State:\tZ", 8))
			for (size_t f = 0; f < sizeof(fields) / sizeof(*fields);
			     f++)
				if (!strncmp(line, fields[f],
					     strlen(fields[f])))
					fprintf(report, "holds %d %s", i, line);
		fclose(status);
	}
}

static bool is_crash(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL ||
	       signal == SIGFPE || signal == SIGABRT || signal == SIGSYS;
}

static void on_stop(pid_t pid, int status)
{
	struct process *p = process_of(pid);
	int signal = WSTOPSIG(status);
	int event = status >> 16;
	unsigned long child;
	int pass = 0;

	if (signal == (SIGTRAP | 0x80))
		on_call(p);
	else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		 event == PTRACE_EVENT_CLONE) {
		if (!ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child))
			process_of((pid_t)child);
	} else if (event == PTRACE_EVENT_EXEC) {
		if (is_the_app(pid)) {
			app_runs = true;
			fprintf(report, "app\n");
			tell_others(pid);
		}
		/* The very first is COMMAND's own; newuidmap is not watched. */
		p->released = p != processes || app_runs;
	} else if (!event) {
		pass = signal;
		if (is_crash(signal))
			fprintf(report, "crash %d %d\n", (int)(p - processes),
				signal);
	}
	if (app_runs || p->released)
		ptrace(PTRACE_DETACH, pid, NULL, (void *)(long)pass);
	else
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)pass);
}

/* The app runs: the others are stopped to be let go, too. */
static void let_go(void)
{
	for (int i = 0; i < process_count; i++)
		if (!processes[i].released) {
			processes[i].released = true;
			ptrace(PTRACE_INTERRUPT, processes[i].pid, NULL, NULL);
		}
}

static void kill_all(void)
{
	for (int i = 0; i < process_count; i++)
		kill(processes[i].pid, SIGKILL);
	while (wait(NULL) > 0)
		;
}

/* Follows all until none is left; returns what COMMAND ended with. */
static int follow(pid_t command)
{
	int code = -1;
	bool told = false;

	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, __WALL);

		if (time_over && (pid > 0 || errno == EINTR))
			break;
		if (pid < 0)
			return code;
		if (WIFSTOPPED(status)) {
			on_stop(pid, status);
			if (app_runs && !told)
				let_go();
			told = app_runs;
		} else if (pid == command) {
			code = WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
			alarm(LEFT);
		}
	}
	if (code < 0)
		fprintf(report, "hang\n");
	else
		fprintf(report, "left 1\n");
	fflush(report);
	kill_all();
	return code < 0 ? 98 : code;
}

static void become(uid_t uid)
{
	if (uid && (setgroups(0, NULL) || setgid(uid) || setuid(uid)))
		exit(97);
}

static void change_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static pid_t launch(char **command, uid_t uid, bool init, bool signals)
{
	int go[2];
	char byte;
	pid_t pid;

	if (pipe(go) || (init && unshare(CLONE_NEWPID)))
		exit(97);
	pid = fork();
	if (!pid) {
		close(go[1]);
		if (init &&
		    (unshare(CLONE_NEWNS) ||
		     mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		     mount("proc", "/proc", "proc", 0, NULL)))
			exit(97);
		if (signals)
			change_signals();
		if (without_stderr)
			close(STDERR_FILENO);
		become(uid);
		if (read(go[0], &byte, 1) != 1)
			exit(97);
		close(go[0]);
		execv(command[0], command);
		exit(97);
	}
	process_of(pid);
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)OPTIONS))
		exit(97);
	if (write(go[1], "", 1) != 1)
		exit(97);
	close(go[0]);
	close(go[1]);
	return pid;
}

static void read_where(const char *text)
{
	char action[16] = "";

	if (!strcmp(text, "trace")) {
		where.trace = true;
		return;
	}
	if (sscanf(text, "%d:%d:%d:%15s", &where.process, &where.call,
		   &where.nth, action) != 4)
		exit(96);
	where.kill = !strcmp(action, "kill");
	where.error = atoi(action);
	where.all = strchr(action, '+') != NULL;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_alarm };
	bool init = false;
	bool signals = false;
	uid_t uid = 0;
	int option;
	int code;

	while ((option = getopt(argc, argv, "+u:1sca:")) > 0)
		if (option == 'u')
			uid = (uid_t)atoi(optarg);
		else if (option == '1')
			init = true;
		else if (option == 's')
			signals = true;
		else if (option == 'c')
			without_stderr = true;
		else if (option == 'a')
			program = optarg;
	argv += optind;
	if (argc - optind < 3)
		return 96;
	report = fopen(argv[0], "we");
	if (!report)
		return 96;
	read_where(argv[1]);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigaction(SIGALRM, &action, NULL);
	alarm(PATIENCE);
	code = follow(launch(argv + 2, uid, init, signals));
	fclose(report);
	return code;
}
