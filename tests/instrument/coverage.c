/*
 * Line coverage of a program that forks, is killed, closes its descriptors and
 * leaves its root: gcov's counters lie in a file that all processes of all runs
 * share, so that nothing has to be written when one ends. The linker puts the
 * counters between two pages' starts; the file is mapped over them before
 * main(), with what has been counted until then.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tests/instrument/shared.h"

extern uint64_t counters_begin[] __attribute__((visibility("hidden")));
extern uint64_t counters_end[] __attribute__((visibility("hidden")));

/* What the compiler calls at the start for each file of the sources. */
struct gcov_info;
void __gcov_init(struct gcov_info *info);
void __gcov_exit(void);
void __gcov_merge_add(void *counters, unsigned int count);

void __gcov_init(struct gcov_info *info)
{
	static int done;
	size_t size = (size_t)((char *)counters_end - (char *)counters_begin);
	uint64_t *file;

	(void)info;
	if (done++)
		return;
	file = shared_map(size);
	if (!file)
		return;
	for (size_t i = 0; i < size / sizeof(*file); i++)
		if (counters_begin[i])
			file[i] += counters_begin[i];
	shared_call(SYS_mremap, (long)file, (long)size, (long)size,
		    MREMAP_MAYMOVE | MREMAP_FIXED, (long)counters_begin, 0);
}

void __gcov_exit(void)
{
}

void __gcov_merge_add(void *counters, unsigned int count)
{
	(void)counters;
	(void)count;
}
