/* Files of /proc that a namespace is set up with. */
#include "setup/namespaces/proc_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sys/procfs.h"

int proc_file_write(const char *step, const char *path, const char *text,
		    const char *cure, struct error *error)
{
	int fd = procfs_open(path, O_WRONLY);
	int result = 0;

	if (fd < 0)
		return error_errno(error, step, path, "mount /proc");
	if (write(fd, text, strlen(text)) < 0)
		result = error_errno(error, step, path, cure);
	close(fd);
	return result;
}
