/*
 * outside COMMAND...: becomes COMMAND, as an engine starts it with a terminal:
 * the leader of that terminal's session. It leaves keys to be read, as who logs
 * in or starts a service may have them: in its session keyring, and in the user
 * keyrings of root and of the app's uid.
 */
#define _GNU_SOURCE
#include "outside_keys.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	APP_UID = 1000,
	KEY_SECONDS = 600 /* a user keyring outlives the container */
};

/* RUN in a process of its own; its errno is the exit code. */
static int in_child(int (*run)(void))
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(run() ? errno : 0);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static int leave_key(const char *name, int keyring)
{
	long key = syscall(SYS_add_key, "user", name, key_payload,
			   sizeof(key_payload), keyring);

	if (key < 0)
		return -1;
	return syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, KEY_SECONDS) ? -1
									 : 0;
}

/* Its possessor alone may give it an end: in a session of its own. */
static int leave_key_of_root(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
		    KEY_SPEC_SESSION_KEYRING) < 0)
		return -1;
	return leave_key(user_key, KEY_SPEC_USER_KEYRING);
}

static int leave_key_of_app(void)
{
	return setuid(APP_UID) ? -1 : leave_key_of_root();
}

/* A kernel without keys has none to leave. */
static int leave_keys(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0)
		return errno == ENOSYS ? 0 : -1;
	return leave_key(session_key, KEY_SPEC_SESSION_KEYRING) ||
	       in_child(leave_key_of_root) || in_child(leave_key_of_app);
}

/* From the session of the tests, whose terminal it was. */
static int take_terminal(void)
{
	return setsid() < 0 || ioctl(0, TIOCSCTTY, 1) ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	if (leave_keys())
		perror("outside: keys");
	else if (take_terminal())
		perror("outside: terminal");
	else if (execvp(argv[1], argv + 1))
		perror(argv[1]);
	return 127;
}
