/*
 * dump FILE: adds the counters in FILE, which the instrumented rind has left
 * there, to the .gcda files beside the objects. The same objects are linked
 * with gcov's own library here, in the same order.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

extern char counters_begin[] __attribute__((visibility("hidden")));
extern char counters_end[] __attribute__((visibility("hidden")));

void __gcov_dump(void);

int main(int argc, char **argv)
{
	size_t size = (size_t)(counters_end - counters_begin);
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;

	if (fd < 0 ||
	    mmap(counters_begin, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_FIXED, fd, 0) != (void *)counters_begin) {
		fprintf(stderr, "dump: %s: cannot be mapped\n",
			argc == 2 ? argv[1] : "usage: dump FILE");
		return 1;
	}
	__gcov_dump();
	return 0;
}
