/*
 * dropcaps COMMAND [ARG]...: runs COMMAND with no capability.
 * dropcaps NUMBER COMMAND [ARG]...: with all but one, for good.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int drop_all(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	const struct __user_cap_data_struct none[2] = { { 0 } };

	return (int)syscall(SYS_capset, &header, none);
}

int main(int argc, char **argv)
{
	char **command = argv + 1;
	int result;

	if (argc > 2 && isdigit((unsigned char)*argv[1]))
		result = prctl(PR_CAPBSET_DROP, atoi(*command++), 0, 0, 0);
	else
		result = argc < 2 ? -1 : drop_all();
	if (result) {
		perror("dropcaps");
		return 1;
	}
	execvp(command[0], command);
	perror(command[0]);
	return 127;
}
