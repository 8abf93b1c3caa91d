/* The null device. */
#include "sys/null_device.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

bool is_null_device(dev_t device)
{
	return device == makedev(1, 3);
}

bool is_open_on_null_device(int fd)
{
	struct stat status;

	errno = ENODEV;
	return !fstat(fd, &status) && S_ISCHR(status.st_mode) &&
	       is_null_device(status.st_rdev);
}
