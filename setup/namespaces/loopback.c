/* Loopback of a new network namespace: it is there, but down. */
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "setup/steps.h"
#include "sys/kernel_constants.h"

static int raise_loopback(struct container *container, struct error *error)
{
	struct ifreq request = { .ifr_name = "lo",
				 .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;
	int result = 0;

	if (!(container->plan->namespaces.unshare & CLONE_NEWNET))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(error, "loopback", "socket", NULL);
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		result = error_errno(error, "loopback", "lo", NULL);
	close(fd);
	return result;
}

const struct container_step loopback_step = {
	.text = { .name = "loopback", .unshare = "net" },
	.run = raise_loopback,
};
