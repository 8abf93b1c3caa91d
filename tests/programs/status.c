/*
 * status [wait]: what the kernel says of this process: /proc/self/status, its
 * securebits, and whether those can be taken off. With "wait" it then waits
 * for a signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char buffer[4096];
	ssize_t length;
	int fd = open("/proc/self/status", O_RDONLY);

	(void)argv;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)length, stdout);
	printf("SecureBits:\t%x\n", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
	printf("UnlockSecureBits:\t%s\n",
	       prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) ? strerror(errno) : "done");
	fflush(stdout);
	if (argc > 1)
		pause();
	return 0;
}
