/*
 * What takes the place of the system at the link.
 *
 * base/memory.c is left out: its blocks lie in one mapping, where
 * AddressSanitizer sees no overflow from one into the next. These come one by
 * one from the sanitizer's own allocator and end with the input, as rind's end
 * with the start. base/libc.c is left out too, as the sanitizer checks the
 * arguments of the library's string functions; the target "text" compares its
 * own with them. init.c, entry.c and base/relro.c are the way into a program of
 * rind's form.
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
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/file.h"
#include "check/facts.h"
#include "fuzz.h"

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

void *fuzz_calloc(size_t count, size_t size)
{
	if (size && count > BLOCK_MAX / size)
		wrong("%zu times %zu bytes asked for", count, size);
	return keep(calloc(count, size));
}

/* Filled, as what a block of rind's held before is nothing to rely on. */
void *fuzz_malloc(size_t size)
{
	return memset(fuzz_calloc(1, size), 0xa5, size);
}

static size_t find_block(const void *block)
{
	for (size_t i = block_count; i--;)
		if (blocks[i] == block)
			return i;
	wrong("%p was never allocated, or is freed already", block);
}

void fuzz_free(void *block)
{
	if (!block)
		return;
	blocks[find_block(block)] = blocks[block_count - 1];
	block_count--;
	free(block);
}

void *fuzz_realloc(void *block, size_t size)
{
	if (!block)
		return fuzz_malloc(size);
	if (size > BLOCK_MAX)
		wrong("%zu bytes asked for", size);
	return blocks[find_block(block)] = realloc(block, size);
}

void *fuzz_reallocarray(void *block, size_t count, size_t size)
{
	if (size && count > BLOCK_MAX / size)
		wrong("%zu times %zu bytes asked for", count, size);
	return fuzz_realloc(block, count * size);
}

char *fuzz_strndup(const char *text, size_t size)
{
	return keep(strndup(text, size));
}

char *fuzz_strdup(const char *text)
{
	return keep(strdup(text));
}

/* Those of the library's that the caller frees: none of rind's uses one. */
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

/* The system calls that have no name in the library: none may change a thing.
 */
long fuzz_syscall(long number, ...)
{
	va_list list;
	long words[6];

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		words[i] = va_arg(list, long);
	va_end(list);
	switch (number) {
	case SYS_setgroups:
	case SYS_rt_sigprocmask:
		return 0;
	case SYS_openat2:
		return syscall(number, words[0], words[1], words[2], words[3]);
	default:
		wrong("system call %ld", number);
	}
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
		file->data = fuzz_malloc(file->length + 1);
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

int __wrap_file_read_special(const char *path, struct file *file)
{
	return give(path, file);
}

void __wrap_file_free(struct file *file)
{
	fuzz_free(file->data);
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
	has_opened = true;
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

/* What looks into its own /proc finds the directory above. */
int __wrap_process_open(struct process *p, const char *pid, struct error *error)
{
	(void)pid;
	(void)error;
	*p = (struct process){ .own = true, .root = -1 };
	p->proc = dup(process_directory());
	return 0;
}
