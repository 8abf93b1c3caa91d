/*
 * typist PATH...: opens each terminal and types a character into it (TIOCSTI),
 * as if its user had; a line for each: "PATH: typed", or the kernel's reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_RDWR | O_NONBLOCK);
		int result = fd < 0 ? -1 : ioctl(fd, TIOCSTI, "x");

		printf("%s: %s\n", argv[i], result ? strerror(errno) : "typed");
	}
	return 0;
}
