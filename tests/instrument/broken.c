/*
 * broken N: mistake N, which the sanitizers must find, in the place of rind's
 * main(). tests/instrument/run tries them all before it trusts the suite.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/arena.h"

static char global[5];
static volatile int zero;
static char *volatile hidden; /* what the compiler cannot know */

static int arena_overflow(void)
{
	hidden = arena_alloc(5);
	return hidden[zero + 5];
}

static int arena_underflow(void)
{
	hidden = arena_alloc(5);
	return hidden[zero - 1];
}

static int array_overflow(void)
{
	hidden = arena_alloc_array(5, 1);
	return hidden[zero + 5];
}

static int grown_overflow(void)
{
	hidden = arena_grow(arena_alloc(5), 5, 9);
	return hidden[zero + 9];
}

static int grown_from_too_much(void)
{
	hidden = arena_grow(arena_alloc(5), (size_t)zero + 6, 9);
	return 0;
}

static int copy_overflow(void)
{
	hidden = arena_strdup("1234");
	return hidden[zero + 5];
}

static int part_overflow(void)
{
	hidden = arena_strndup("123456789", 4);
	return hidden[zero + 5];
}

static int printed_overflow(void)
{
	hidden = arena_printf("%d", 1234);
	return hidden[zero + 5];
}

/* As libcap has its memory. */
static int heap_overflow(void)
{
	hidden = malloc(5);
	return hidden[zero + 5];
}

static int stack_overflow(void)
{
	char array[5] = { 0 };

	hidden = array;
	return hidden[zero + 5];
}

static int use_after_scope(void)
{
	{
		char array[5] = { 0 };

		hidden = array;
	}
	return hidden[zero];
}

static int global_overflow(void)
{
	hidden = global;
	return hidden[zero + 5];
}

static int copy_too_much(void)
{
	hidden = arena_alloc(5);
	memcpy(hidden, "123456789", (size_t)zero + 6);
	return 0;
}

static int compare_too_much(void)
{
	hidden = arena_alloc(4);
	memset(hidden, 'x', 4);
	return strcmp(hidden, "xxxxx");
}

static int measure_too_much(void)
{
	hidden = arena_alloc(8);
	memset(hidden, 'x', 8);
	return (int)strlen(hidden);
}

static int read_too_much(void)
{
	hidden = arena_alloc(5);
	return (int)pread(-1, hidden, (size_t)zero + 6, 0);
}

static int overflow(void)
{
	return INT_MAX - zero + 1 + zero;
}

static int shift(void)
{
	return 1 << (zero + 32);
}

static int index_too_large(void)
{
	return global[zero + 7];
}

static int misaligned(void)
{
	static _Alignas(8) char bytes[16];

	hidden = bytes + 1;
	return *(int *)(void *)hidden;
}

static int (*const mistakes[])(void) = {
	arena_overflow,
	arena_underflow,
	array_overflow,
	grown_overflow,
	grown_from_too_much,
	copy_overflow,
	part_overflow,
	printed_overflow,
	heap_overflow,
	stack_overflow,
	use_after_scope,
	global_overflow,
	copy_too_much,
	compare_too_much,
	measure_too_much,
	read_too_much,
	overflow,
	shift,
	index_too_large,
	misaligned,
};

int main(int argc, char **argv)
{
	size_t number = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;

	if (number < sizeof(mistakes) / sizeof(*mistakes)) {
		zero += mistakes[number]();
		return 1; /* not found */
	}
	return 0; /* no more */
}
