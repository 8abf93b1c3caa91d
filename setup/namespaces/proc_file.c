/* Files of /proc that a namespace is set up with. */
#include "setup/namespaces/proc_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "sys/procfs.h"

int proc_file_write(const char *step, const char *path, const struct text *text,
		    const char *cure, struct error *error)
{
	int fd = procfs_open(path, O_WRONLY);
	int result = 0;

	if (fd < 0)
		return error_errno(error, step, path, "mount /proc");
	if (write(fd, text->data, text->length) < 0)
		result = error_errno(error, step, path, cure);
	close(fd);
	return result;
}
