#include "tests/instrument/shared.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __x86_64__
#error "write shared_call for this machine"
#endif

long shared_call(long number, long a, long b, long c, long d, long e, long f)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static void *map(const char *path, size_t size)
{
	long fd = shared_call(SYS_open, (long)path,
			      O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0, 0, 0, 0);
	long mapped = -1;

	if (fd < 0)
		return NULL;
	/* Beyond the end of the file each access would be a SIGBUS. */
	if (shared_call(SYS_lseek, fd, 0, SEEK_END, 0, 0, 0) >= (long)size)
		mapped = shared_call(SYS_mmap, 0, (long)size,
				     PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	shared_call(SYS_close, fd, 0, 0, 0, 0, 0);
	return mapped < 0 && mapped > -4096 ? NULL : (void *)mapped;
}

void *shared_map(size_t size)
{
	void *mapped = map(SHARED_PLACE "/" SHARED_NAME, size);

	return mapped ? mapped : map("/" SHARED_NAME, size);
}
