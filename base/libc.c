/*
 * What rind needs of the C library and the library does at length: its own
 * versions serve threads, cancellation, kernels before 3.2 and megabytes of
 * text. These take their place at the link, by the same names and with the same
 * promises; nothing but size is gained. Compiled without builtins, or a loop
 * that is strlen(3) would call itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The names in double underscores are those that the library itself calls. */

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

char *strchrnul(const char *text, int byte)
{
	while (*text && *text != (char)byte)
		text++;
	return (char *)text;
}
extern __typeof(strchrnul) __strchrnul __attribute__((alias("strchrnul")));

/* How much of TEXT consists of bytes that are in SET, or that are not. */
static size_t span(const char *text, const char *set, bool in)
{
	size_t length = 0;

	while (text[length] && (*strchrnul(set, text[length]) != '\0') == in)
		length++;
	return length;
}

size_t strspn(const char *text, const char *set)
{
	return span(text, set, true);
}

size_t strcspn(const char *text, const char *set)
{
	return span(text, set, false);
}

void *memchr(const void *memory, int byte, size_t size)
{
	for (const char *at = memory; size--; at++)
		if (*at == (char)byte)
			return (void *)at;
	return NULL;
}

void *memset(void *memory, int byte, size_t size)
{
	for (char *at = memory; size--; at++)
		*at = (char)byte;
	return memory;
}

static int lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 32 : (unsigned char)byte;
}

/* Letters differ by CASE alone where FOLD is set. */
static int compare(const char *a, const char *b, size_t size, int fold)
{
	int difference = 0;

	while (size-- && !difference) {
		difference = fold ? lower(*a) - lower(*b)
				  : (unsigned char)*a - (unsigned char)*b;
		if (!*a++)
			break;
		b++;
	}
	return difference;
}

int strncmp(const char *a, const char *b, size_t size)
{
	return compare(a, b, size, 0);
}

int strcmp(const char *a, const char *b)
{
	return compare(a, b, SIZE_MAX, 0);
}

int strncasecmp(const char *a, const char *b, size_t size)
{
	return compare(a, b, size, 1);
}

int strcasecmp(const char *a, const char *b)
{
	return compare(a, b, SIZE_MAX, 1);
}

/* The kernel's struct stat is the library's wherever a long has 64 bits. */
int fstatat(int directory, const char *path, struct stat *status, int flags)
{
	return (int)syscall(SYS_newfstatat, directory, path, status, flags);
}
extern __typeof(fstatat) __fstatat __attribute__((alias("fstatat")));

int statfs(const char *path, struct statfs *system)
{
	return (int)syscall(SYS_statfs, path, system);
}

int fstatfs(int fd, struct statfs *system)
{
	return (int)syscall(SYS_fstatfs, fd, system);
}

/* The one argument that may follow, as the kernel takes it. */
#define REST(last)                                   \
	__extension__({                              \
		va_list list;                        \
		unsigned long value;                 \
		va_start(list, last);                \
		value = va_arg(list, unsigned long); \
		va_end(list);                        \
		value;                               \
	})

int openat(int directory, const char *path, int flags, ...)
{
	return (int)syscall(SYS_openat, directory, path, flags, REST(flags));
}

int open(const char *path, int flags, ...)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, REST(flags));
}

int fcntl(int fd, int command, ...)
{
	return (int)syscall(SYS_fcntl, fd, command, REST(command));
}

/* No function ever handles a signal here: there is a signalfd (signals.h). */
int sigaction(int signal, const struct sigaction *restrict action,
	      struct sigaction *restrict before)
{
	struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} new = { 0 }, old;

	if (action) {
		new.handler = action->sa_handler;
		new.flags = (unsigned int)action->sa_flags;
	}
	if (syscall(SYS_rt_sigaction, signal, action ? &new : NULL, &old, 8))
		return -1;
	if (before)
		before->sa_handler = old.handler;
	return 0;
}

void (*signal(int signal, void (*handler)(int)))(int)
{
	struct sigaction action = { .sa_handler = handler };
	struct sigaction before;

	return sigaction(signal, &action, &before) ? SIG_ERR
						   : before.sa_handler;
}

void *mmap(void *start, size_t size, int protection, int flags, int fd,
	   off_t offset)
{
	return (void *)syscall(SYS_mmap, start, size, protection, flags, fd,
			       offset);
}

int pipe2(int fds[2], int flags)
{
	return (int)syscall(SYS_pipe2, fds, flags);
}

int socket(int family, int type, int protocol)
{
	return (int)syscall(SYS_socket, family, type, protocol);
}

int socketpair(int family, int type, int protocol, int fds[2])
{
	return (int)syscall(SYS_socketpair, family, type, protocol, fds);
}

int close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

int ioctl(int fd, int request, ...)
{
	return (int)syscall(SYS_ioctl, fd, request, REST(request));
}

pid_t tcgetpgrp(int fd)
{
	pid_t group = -1;

	return ioctl(fd, TIOCGPGRP, &group) ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

int isatty(int fd)
{
	struct winsize size;

	return !ioctl(fd, TIOCGWINSZ, &size);
}

ssize_t readlinkat(int directory, const char *restrict path,
		   char *restrict target, size_t size)
{
	return syscall(SYS_readlinkat, directory, path, target, size);
}

ssize_t readlink(const char *restrict path, char *restrict target, size_t size)
{
	return readlinkat(AT_FDCWD, path, target, size);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_fchown, fd, uid, gid);
}

int fchdir(int fd)
{
	return (int)syscall(SYS_fchdir, fd);
}
