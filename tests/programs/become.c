/* become UID COMMAND [ARG]...: runs COMMAND as another user. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	uid_t uid = argc > 2 ? (uid_t)atoi(argv[1]) : 0;

	if (argc < 3 || setresuid(uid, uid, uid)) {
		perror("become");
		return 1;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
