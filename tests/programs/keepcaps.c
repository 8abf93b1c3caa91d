/*
 * keepcaps UID: becomes UID as named and chronyd do, which keep their
 * capabilities by PR_SET_KEEPCAPS; prints its /proc/self/status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char buffer[4096];
	ssize_t length;
	int fd;

	if (argc != 2 || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ||
	    setuid((uid_t)atoi(argv[1]))) {
		perror("keepcaps");
		return 1;
	}
	fd = open("/proc/self/status", O_RDONLY);
	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)length, stdout);
	return 0;
}
