/*
 * broken N: mistake N, which the sanitizers must find, in the place of rind's
 * main(). tests/instrument/run tries them all before it trusts the suite.
 */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char global[5];
static volatile int zero;
static char *volatile hidden; /* what the compiler cannot know */

static int heap_overflow(void)
{
	hidden = malloc(5);
	return hidden[zero + 5];
}

static int heap_underflow(void)
{
	hidden = malloc(5);
	return hidden[zero - 1];
}

static int use_after_free(void)
{
	hidden = malloc(5);
	free(hidden);
	return *hidden;
}

static int use_after_realloc(void)
{
	char *before = malloc(5);

	hidden = before;
	before = realloc(before, 9);
	return hidden[zero] + before[zero];
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
	hidden = malloc(5);
	memcpy(hidden, "123456789", (size_t)zero + 6);
	return 0;
}

static int compare_too_much(void)
{
	hidden = malloc(4);
	memset(hidden, 'x', 4);
	return strcmp(hidden, "xxxxx");
}

static int read_too_much(void)
{
	hidden = malloc(5);
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
	heap_overflow,    heap_underflow,  use_after_free,  use_after_realloc,
	stack_overflow,   use_after_scope, global_overflow, copy_too_much,
	compare_too_much, read_too_much,   overflow,        shift,
	index_too_large,  misaligned,
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
