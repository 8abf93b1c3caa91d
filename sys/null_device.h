/* The null device. An image may have something else under its name. */
#ifndef RIND_SYS_NULL_DEVICE_H
#define RIND_SYS_NULL_DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether DEVICE is 1:3 (Documentation/admin-guide/devices.txt, Linux). */
bool is_null_device(dev_t device);

/* Whether FD is open on it. Where it is not, errno is ENODEV, or
 * fstat(2)'s. */
bool is_open_on_null_device(int fd);

#endif
