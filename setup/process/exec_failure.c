/*
 * Why a command could not be executed. A file that is there while its
 * interpreter is not is the commonest puzzle of small images: the kernel's "No
 * such file" is about the interpreter, and names neither.
 */
#include "setup/process/exec_failure.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/text.h"

/*
 * The path behind the "#!" of HEAD. Blanks end it for the kernel; a carriage
 * return does not, and is part of the name.
 */
static int read_script_interpreter(const char *head, char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	size_t length;

	head += strlen("#!");
	head += strspn(head, " \t");
	length = strcspn(head, " \t\n");
	if (!length)
		return -1;
	text_addf(&text, "%.*s", (int)length, head);
	return 0;
}

/* The first segment of TYPE of an ELF file of this machine's class (elf(5)). */
static int find_segment(int fd, ElfW(Word) type, ElfW(Phdr) * segment)
{
	ElfW(Ehdr) header;
	off_t offset;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	offset = (off_t)header.e_phoff;
	for (int i = 0; i < header.e_phnum; i++) {
		if (pread(fd, segment, sizeof(*segment), offset) !=
		    sizeof(*segment))
			return -1;
		if (segment->p_type == type)
			return 0;
		offset += (off_t)sizeof(*segment);
	}
	return -1;
}

static int read_elf_interpreter(int fd, char *buffer, size_t size)
{
	ElfW(Phdr) segment;
	size_t length;

	if (find_segment(fd, PT_INTERP, &segment))
		return -1;
	length = segment.p_filesz;
	if (!length || length >= size ||
	    pread(fd, buffer, length, (off_t)segment.p_offset) !=
		    (ssize_t)length)
		return -1;
	buffer[length] = '\0';
	return 0;
}

/* Returns 0 with the interpreter's path, -1 where PATH needs or names none. */
static int find_interpreter(const char *path, char *buffer, size_t size)
{
	char head[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int result = -1;

	if (fd < 0)
		return -1;
	if (pread(fd, head, sizeof(head) - 1, 0) > 0) {
		if (!strncmp(head, "#!", strlen("#!")))
			result = read_script_interpreter(head, buffer, size);
		else if (!memcmp(head, ELFMAG, SELFMAG))
			result = read_elf_interpreter(fd, buffer, size);
	}
	close(fd);
	return result;
}

/* ENOENT: of PATH, or of the interpreter that it needs. */
static void explain_missing(const char *path, struct error *error)
{
	char interpreter[PATH_MAX];
	char reason[300];
	struct text text = text_in(reason, sizeof(reason));

	if (access(path, F_OK)) {
		error_errno(error, "exec", path, NULL);
		return;
	}
	if (find_interpreter(path, interpreter, sizeof(interpreter))) {
		error_set(error, "exec", path, "its interpreter is missing",
			  NULL);
		return;
	}
	text_add(&text, "its interpreter ");
	text_add_escaped(&text, interpreter, 200);
	text_add(&text, " is missing");
	error_set(error, "exec", path, reason,
		  "add it to the image, or link the program statically");
}

static const struct {
	int number;
	const char *cure;
} exec_cures[] = {
	{ EACCES, "name a file, and let the app's user execute and reach it, "
		  "on a mount without noexec" },
	{ EPERM, "list its file capabilities in --cap, or remove them with "
		 "setcap -r" },
	{ ENOEXEC, "begin a script with \"#!\", or use a program for this "
		   "machine" },
	{ E2BIG, "shorten the arguments or the environment" },
	{ EAGAIN, "raise the user's limit of processes" },
};

/* Not even root may execute it (access(2)). */
static bool is_executable_for_nobody(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) &&
	       !(status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH));
}

static const char *find_cure(int number)
{
	for (size_t i = 0; i < ARRAY_LENGTH(exec_cures); i++)
		if (exec_cures[i].number == number)
			return exec_cures[i].cure;
	return NULL;
}

void exec_failure_explain(const char *path, int number, struct error *error)
{
	if (number == ENOENT) {
		explain_missing(path, error);
	} else if (number == EACCES && is_executable_for_nobody(path)) {
		errno = number;
		error_errno(error, "exec", path,
			    "make it executable: chmod +x");
	} else {
		errno = number;
		error_errno(error, "exec", path, find_cure(number));
	}
	error->status = number == ENOENT || number == ENOTDIR ? EXIT_NOT_FOUND
							      : EXIT_CANNOT_RUN;
}
