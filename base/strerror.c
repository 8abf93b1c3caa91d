/* strerror(3), as small as libc.c and as packed as rind's own texts. */
#include <string.h>

#include "base/packed.h"

/* The library's own words for those that can come; a number for the others. */
char *strerror(int number)
{
	/* clang-format off */
	static const char words[] =
		"\001" TEXT("Operation not permitted") "\0"
		"\002" TEXT("No such file or directory") "\0"
		"\003" TEXT("No such process") "\0"
		"\004" TEXT("Interrupted system call") "\0"
		"\005" TEXT("I/O error") "\0"
		"\006" TEXT("No such device or address") "\0"
		"\007" TEXT("Argument list too long") "\0"
		"\010" TEXT("Exec format error") "\0"
		"\011" TEXT("Bad file descriptor") "\0"
		"\012" TEXT("No child process") "\0"
		"\013" TEXT("Resource temporarily unavailable") "\0"
		"\014" TEXT("Out of memory") "\0"
		"\015" TEXT("Permission denied") "\0"
		"\016" TEXT("Bad address") "\0"
		"\020" TEXT("Resource busy") "\0"
		"\021" TEXT("File exists") "\0"
		"\022" TEXT("Cross-device link") "\0"
		"\023" TEXT("No such device") "\0"
		"\024" TEXT("Not a directory") "\0"
		"\025" TEXT("Is a directory") "\0"
		"\026" TEXT("Invalid argument") "\0"
		"\027" TEXT("Too many open files in system") "\0"
		"\030" TEXT("No file descriptors available") "\0"
		"\031" TEXT("Not a tty") "\0"
		"\032" TEXT("Text file busy") "\0"
		"\033" TEXT("File too large") "\0"
		"\034" TEXT("No space left on device") "\0"
		"\035" TEXT("Invalid seek") "\0"
		"\036" TEXT("Read-only file system") "\0"
		"\040" TEXT("Broken pipe") "\0"
		"\042" TEXT("Result out of range") "\0"
		"\044" TEXT("Filename too long") "\0"
		"\046" TEXT("Function not implemented") "\0"
		"\047" TEXT("Directory not empty") "\0"
		"\050" TEXT("Symbolic link loop") "\0"
		"\113" TEXT("Value too large for data type") "\0"
		"\137" TEXT("Not supported") "\0"
		"\141" TEXT("Address family not supported by protocol") "\0"
		"\156" TEXT("Operation timed out") "\0"
		"\164" TEXT("Stale file handle") "\0"
		"\172" TEXT("Quota exceeded") "\0"
		"\176" TEXT("Required key not available") "\0"
		"\201" TEXT("Key was rejected by service") "\0";
	/* clang-format on */
	static const char before[6] = "error ";
	static char other[20];
	char *digit = other + sizeof(other) - 1;
	const char *end = words + sizeof(words) - 1;
	const char *at = words;

	while (at < end && (unsigned char)*at != number)
		at += strlen(at) + 1;
	if (at < end)
		return (char *)at + 1;
	do {
		*--digit = (char)('0' + number % 10);
	} while (number /= 10);
	return memcpy(digit - sizeof(before), before, sizeof(before));
}
