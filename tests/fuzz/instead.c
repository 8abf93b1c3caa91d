/*
 * What takes the place of the system at the link.
 *
 * lib/arena.c is left out: its blocks lie in one mapping, where
 * AddressSanitizer sees no overflow from one into the next. These come one by
 * one from the sanitizer's own allocator and end with the input, as rind's end
 * with the start. init.c, sys/entry.c, inherited.c, relro.c and pages.c are the
 * way into a program of rind's form.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fuzz.h"
#include "lib/arena.h"
#include "lib/file.h"

enum {
	BLOCKS = 1 << 16,
	BLOCK_MAX = 64 << 20, /* of the inputs here none needs so much */
	FILES = 2048,
	OUTPUT_MAX = 4 << 20,
};

static void *blocks[BLOCKS];
static size_t block_count;

static void *keep(void *block)
{
	if (!block || block_count == BLOCKS)
		wrong("no memory, or far too many blocks");
	blocks[block_count++] = block;
	return block;
}

void *arena_alloc(size_t size)
{
	if (size > BLOCK_MAX)
		wrong("%zu bytes asked for", size);
	return keep(calloc(1, size));
}

void *arena_alloc_array(size_t count, size_t size)
{
	if (size && count > BLOCK_MAX / size)
		wrong("%zu times %zu bytes asked for", count, size);
	return arena_alloc(count * size);
}

void *arena_grow(const void *memory, size_t old_size, size_t new_size)
{
	void *moved = arena_alloc(new_size);

	if (old_size)
		memcpy(moved, memory,
		       old_size < new_size ? old_size : new_size);
	return moved;
}

char *arena_strndup(const char *string, size_t length)
{
	return keep(strndup(string, length));
}

char *arena_strdup(const char *string)
{
	return keep(strdup(string));
}

char *arena_printf(const char *format, ...)
{
	va_list list;
	char *string;

	va_start(list, format);
	if (vasprintf(&string, format, list) < 0)
		wrong("vasprintf: %s", strerror(errno));
	va_end(list);
	return keep(string);
}

void arena_report_to(int fd)
{
	wrong("descriptor %d is for the app's process", fd);
}

void arena_release(void)
{
	wrong("the arena is given back");
}

/* So that what is used after file_free() is seen. */
static void free_block(void *block)
{
	size_t i = block_count;

	while (block && i-- && blocks[i] != block)
		;
	if (!block)
		return;
	if (i >= block_count)
		wrong("%p was never allocated, or is freed already", block);
	blocks[i] = blocks[--block_count];
	free(block);
}

void free_all(void)
{
	while (block_count)
		free(blocks[--block_count]);
}

/* Output */

static char printed[OUTPUT_MAX];
static size_t printed_length;

ssize_t fuzz_write(int fd, const void *data, size_t size)
{
	if (fd != STDOUT_FILENO)
		wrong("write to descriptor %d", fd);
	if (size >= OUTPUT_MAX - printed_length)
		wrong("far too much output");
	memcpy(printed + printed_length, data, size);
	printed_length += size;
	printed[printed_length] = '\0';
	return (ssize_t)size;
}

const char *output(void)
{
	return printed;
}

void clear_output(void)
{
	printed_length = 0;
	printed[0] = '\0';
}

/* A line for the user. */
static long print_line(const struct iovec *line)
{
	return fuzz_write(STDOUT_FILENO, line->iov_base, line->iov_len);
}

/* The system calls that have no name in the library: none may change a thing.
 */
long fuzz_syscall(long number, ...)
{
	static const struct {
		long number;
		int words;
	} passed[] = { { SYS_openat2, 4 },
		       { SYS_getdents64, 3 },
		       { SYS_pwritev2, 3 } };
	va_list list;
	long words[4] = { 0 };
	size_t i = 0;

	if (number == SYS_setgroups || number == SYS_rt_sigprocmask)
		return 0;
	while (i < sizeof(passed) / sizeof(passed[0]) &&
	       passed[i].number != number)
		i++;
	if (i == sizeof(passed) / sizeof(passed[0]))
		wrong("system call %ld", number);
	va_start(list, number);
	for (int word = 0; word < passed[i].words; word++)
		words[word] = va_arg(list, long);
	va_end(list);
	if (number == SYS_pwritev2)
		return print_line((const struct iovec *)words[1]);
	return syscall(number, words[0], words[1], words[2], words[3]);
}

/* A file from memory stands for one of the kernel's. */
int fuzz_fstatfs(int fd, struct statfs *status)
{
	int result = fstatfs(fd, status);

	status->f_type = PROC_SUPER_MAGIC;
	return result;
}

/* Nothing is ever run: what a missing program would come to is told. */
int fuzz_execve(const char *path, char *const *argv, char *const *environment)
{
	(void)path;
	(void)argv;
	(void)environment;
	errno = ENOENT;
	return -1;
}

_Noreturn void fuzz__exit(int code)
{
	wrong("the end of the process with %d", code);
}

/* Files */

static struct {
	const char *path, *data;
	size_t length;
} files[FILES];
static size_t file_count;

void add_file(const char *path, const char *data, size_t length)
{
	size_t i = 0;

	while (i < file_count && strcmp(files[i].path, path))
		i++;
	if (i == FILES)
		wrong("far too many files");
	files[i].path = path;
	files[i].data = data;
	files[i].length = length;
	file_count += i == file_count;
}

void clear_files(void)
{
	file_count = 0;
}

bool has_opened;
bool has_answered;

/* As if it were all the memory there is, its size on the byte. */
static int give(const char *path, struct file *file)
{
	*file = (struct file){ .mode = S_IFREG | 0600, .owner = geteuid() };
	for (size_t i = 0; i < file_count; i++) {
		if (strcmp(files[i].path, path))
			continue;
		if (memchr(files[i].data, '\0', files[i].length)) {
			errno = EILSEQ;
			return -1;
		}
		file->length = files[i].length;
		file->data = arena_alloc(file->length + 1);
		memcpy(file->data, files[i].data, file->length);
		file->data[file->length] = '\0';
		return 0;
	}
	errno = ENOENT;
	return -1;
}

int __wrap_file_read(const char *path, struct file *file)
{
	return give(path, file);
}

int __wrap_procfs_read(const char *path, struct file *file)
{
	return give(path, file);
}

void __wrap_file_free(struct file *file)
{
	free_block(file->data);
	*file = (struct file){ 0 };
}

static int memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		wrong("memfd_create: %s", strerror(errno));
	return fd;
}

static void fill(int fd, const char *data, size_t length)
{
	if (ftruncate(fd, 0) || pwrite(fd, data, length, 0) != (ssize_t)length)
		wrong("write: %s", strerror(errno));
}

const char *real_file(const char *data, size_t length)
{
	static char path[40];
	static int fd = -1;

	if (fd < 0) {
		fd = memory_file("program");
		has_opened = true;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	fill(fd, data, length);
	return path;
}

int process_directory(void)
{
	static int fd = -1;

	if (fd >= 0)
		return fd;
	mkdir("process", 0700);
	mkdir("process/attr", 0700);
	fd = open("process", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		wrong("process: %s", strerror(errno));
	return fd;
}

void process_file(const char *name, const char *data, size_t length)
{
	int fd = openat(process_directory(), name,
			O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		wrong("%s: %s", name, strerror(errno));
	fill(fd, data, length);
	close(fd);
}

/* Any process of /proc is the directory above. */
int fuzz_open(const char *path, int flags, ...)
{
	const char *process = path + strlen("/proc/");

	if (strncmp(path, "/proc/", strlen("/proc/")) ||
	    !strncmp(process, "self/fd/", strlen("self/fd/")) ||
	    (strncmp(process, "self", strlen("self")) &&
	     !strspn(process, "0123456789")))
		return open(path, flags);
	process_directory();
	return open(arena_printf("process%s", process + strcspn(process, "/")),
		    flags);
}
