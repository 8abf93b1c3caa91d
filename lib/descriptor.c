/* Closing descriptors on the way out of an error. */
#include "lib/descriptor.h"

#include <errno.h>
#include <unistd.h>

int close_keeping_errno(int fd)
{
	int number = errno;

	if (fd >= 0)
		close(fd);
	errno = number;
	return -1;
}
