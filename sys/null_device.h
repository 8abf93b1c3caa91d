/* /dev/null, which an image may replace by another thing of that name. */
#ifndef RIND_SYS_NULL_DEVICE_H
#define RIND_SYS_NULL_DEVICE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether DEVICE is its number (linux/Documentation/admin-guide/devices.txt).
 */
bool is_null_device(dev_t device);

/* Whether FD is open on it; errno is ENODEV where it is not. */
bool is_open_on_null_device(int fd);

#endif
