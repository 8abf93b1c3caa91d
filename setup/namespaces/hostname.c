/* --hostname: the name of a new UTS namespace (uts_namespaces(7)). */
#include <string.h>
#include <unistd.h>

#include "setup/steps.h"
#include "sys/kernel_constants.h"

enum {
	HOSTNAME_MAX = 64 /* __NEW_UTS_LEN, uname(2) */
};

static const char *read_hostname(struct plan *plan, const char *value)
{
	size_t length = strlen(value);

	plan->namespaces.hostname = value;
	if (length && length <= HOSTNAME_MAX)
		return NULL;
	return "not 1 to 64 bytes long";
}

static const struct option hostname_options[] = {
	{ .name = "hostname",
	  .metavar = "NAME",
	  .help = "set the host name (needs --unshare=uts)",
	  .kind = OPTION_VALUE,
	  .read = read_hostname,
	  .needs_namespace = CLONE_NEWUTS },
};

const struct option_table hostname_option_table =
	OPTION_TABLE(GROUP_NAMESPACES, hostname_options);

static int set_hostname(struct container *container, struct error *error)
{
	const char *name = container->plan->namespaces.hostname;

	if (name && sethostname(name, strlen(name)))
		return error_errno(error, "hostname", name, NULL);
	return 0;
}

const struct container_step hostname_step = {
	.text = { .name = "hostname", .options = { "hostname" } },
	.run = set_hostname,
};
