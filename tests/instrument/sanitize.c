/*
 * What gcc's -fsanitize=address,undefined calls, for a static program of musl's
 * that is PID 1: gcc's own libraries are for glibc, want /proc, threads and a
 * standard error to write to, and would bring in other functions than those
 * that rind consists of.
 *
 * The compiler's part is all there: redzones around what lies on the stack and
 * around globals, scopes, and each access checked. The redzones of the arena,
 * and the check of what the C library and the kernel are given, are in
 * sanitize-calls.c. Nothing is done about leaks: memory is given back as a
 * whole (lib/arena.h). A finding goes to the shared file and to stderr, and
 * ends the process by a trap, which ends PID 1 too.
 */
#include "tests/instrument/sanitize.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/instrument/shared.h"

/* The compiler's, for x86-64: the shadow byte of 8 bytes at ADDRESS. */
#define SHADOW(address) ((volatile int8_t *)(((address) >> 3) + 0x7fff8000UL))
#define SHADOW_SIZE (1UL << 44)

enum {
	GRANULE = 8,
	FRAMES = 8,
	FRAME_SIZE = 65536, /* more than any function's */
	LINE_SIZE = 512
};

/* The file: how much of the text has been written, and the text. */
static struct findings {
	uint64_t length;
	char text[(1 << 20) - sizeof(uint64_t)];
} * findings;

extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/* Runs before the C library, right behind rind_entry: no memory is checked
 * before it has a shadow. The linker's --wrap leads _start here. */
void sanitize_map_shadow(void);

__attribute__((used)) void sanitize_map_shadow(void)
{
	long where = (long)SHADOW(0UL);
	long got = -1;

	/* Twice: a fault that is meant for rind's first one must not end us. */
	for (int i = 0; i < 2 && got != where; i++)
		got = shared_call(SYS_mmap, where, SHADOW_SIZE,
				  PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
					  MAP_FIXED_NOREPLACE,
				  -1, 0);
	if (got != where)
		__builtin_trap();
	shared_call(SYS_madvise, where, SHADOW_SIZE, MADV_DONTDUMP, 0, 0, 0);
}

__asm__(".text\n"
	".global __wrap__start\n"
	"__wrap__start:\n"
	"	push %rdx\n"
	"	call sanitize_map_shadow\n"
	"	pop %rdx\n"
	"	jmp __real__start\n");

void sanitize_unpoison(const void *memory, size_t size)
{
	uintptr_t at = (uintptr_t)memory;

	for (; size >= GRANULE; at += GRANULE, size -= GRANULE)
		*SHADOW(at) = 0;
	if (size)
		*SHADOW(at) = (int8_t)size;
}

void sanitize_poison(const void *memory, size_t size, enum poison kind)
{
	uintptr_t at = (uintptr_t)memory;

	for (uintptr_t end = at + size; at < end; at += GRANULE)
		*SHADOW(at) = (int8_t)kind;
}

/* The report */

struct line {
	size_t length;
	char text[LINE_SIZE];
};

static void add(struct line *line, const char *text)
{
	while (*text && line->length < sizeof(line->text))
		line->text[line->length++] = *text++;
}

static void add_number(struct line *line, unsigned long number,
		       unsigned int base)
{
	char digits[24];
	char *digit = digits + sizeof(digits) - 1;

	*digit = '\0';
	do
		*--digit = "0123456789abcdef"[number % base];
	while (number /= base);
	add(line, digit);
}

static void add_address(struct line *line, const void *address)
{
	add(line, " +0x");
	add_number(line, (uintptr_t)address - (uintptr_t)__ehdr_start, 16);
}

/* The callers, by their frames: rind is compiled with frame pointers. */
static void add_callers(struct line *line, const void *const *frame)
{
	for (int i = 0; i < FRAMES && frame[1]; i++) {
		uintptr_t next = (uintptr_t)frame[0];

		add_address(line, frame[1]);
		if (next <= (uintptr_t)frame ||
		    next - (uintptr_t)frame > FRAME_SIZE)
			break;
		frame = (const void *const *)next;
	}
}

static _Noreturn void end(struct line *line)
{
	add(line, "\n");
	if (findings) {
		uint64_t at = __atomic_fetch_add(
			&findings->length, line->length, __ATOMIC_RELAXED);

		for (size_t i = 0; i < line->length; i++)
			if (at + i < sizeof(findings->text))
				findings->text[at + i] = line->text[i];
	}
	shared_call(SYS_write, STDERR_FILENO, (long)line->text,
		    (long)line->length, 0, 0, 0);
	__builtin_trap();
}

static _Noreturn void report(const char *what, uintptr_t address, size_t size,
			     const void *frame)
{
	struct line line = { 0 };

	add(&line, "sanitize: ");
	add(&line, what);
	add(&line, " of ");
	add_number(&line, size, 10);
	add(&line, " bytes, shadow ");
	add_number(&line, (uint8_t)*SHADOW(address), 16);
	add(&line, ", at");
	add_callers(&line, frame);
	end(&line);
}

void sanitize_check(const void *memory, size_t size, const char *what)
{
	uintptr_t at = (uintptr_t)memory;
	uintptr_t last = at + size - 1;

	if (!size)
		return;
	for (uintptr_t byte = at; byte <= last;
	     byte = (byte & -(uintptr_t)GRANULE) + GRANULE) {
		int8_t shadow = *SHADOW(byte);
		uintptr_t used = byte / GRANULE == last / GRANULE
					 ? last % GRANULE + 1
					 : GRANULE;

		if (shadow && (shadow < 0 || used > (uintptr_t)shadow))
			report(what, byte, size, __builtin_frame_address(0));
	}
}

/* What gcc calls for -fsanitize=address (libsanitizer's asan_interface) */

struct global {
	uintptr_t start;
	size_t size;
	size_t size_with_redzone;
	const char *name;
	const char *file;
	uintptr_t has_dynamic_init;
	const void *location;
	uintptr_t odr_indicator;
};

void __asan_init(void);
void __asan_version_mismatch_check_v8(void);
void __asan_register_globals(const struct global *globals, size_t count);
void __asan_unregister_globals(const struct global *globals, size_t count);
void __asan_handle_no_return(void);
void __asan_poison_stack_memory(const void *memory, size_t size);
void __asan_unpoison_stack_memory(const void *memory, size_t size);

void __asan_init(void)
{
	if (!findings)
		findings = shared_map(sizeof(*findings));
}

void __asan_version_mismatch_check_v8(void)
{
}

void __asan_register_globals(const struct global *globals, size_t count)
{
	for (const struct global *at = globals; at < globals + count; at++) {
		sanitize_poison((const void *)at->start, at->size_with_redzone,
				POISON_GLOBAL);
		sanitize_unpoison((const void *)at->start, at->size);
	}
}

void __asan_unregister_globals(const struct global *globals, size_t count)
{
	(void)globals;
	(void)count;
}

/* Nothing here returns past frames that were left: there is no longjmp(3). */
void __asan_handle_no_return(void)
{
}

void __asan_poison_stack_memory(const void *memory, size_t size)
{
	sanitize_poison(memory, size, POISON_SCOPE);
}

void __asan_unpoison_stack_memory(const void *memory, size_t size)
{
	sanitize_unpoison(memory, size);
}

#define REPORTS(kind, bytes)                                               \
	_Noreturn void __asan_report_##kind##bytes(uintptr_t address);     \
	_Noreturn void __asan_report_##kind##bytes(uintptr_t address)      \
	{                                                                  \
		report(#kind, address, bytes, __builtin_frame_address(0)); \
	}
REPORTS(load, 1)
REPORTS(load, 2)
REPORTS(load, 4)
REPORTS(load, 8)
REPORTS(load, 16)
REPORTS(store, 1)
REPORTS(store, 2)
REPORTS(store, 4)
REPORTS(store, 8)
REPORTS(store, 16)

#define REPORT_OF_MANY(kind)                                              \
	_Noreturn void __asan_report_##kind##_n(uintptr_t address,        \
						size_t size);             \
	_Noreturn void __asan_report_##kind##_n(uintptr_t address,        \
						size_t size)              \
	{                                                                 \
		report(#kind, address, size, __builtin_frame_address(0)); \
	}
REPORT_OF_MANY(load)
REPORT_OF_MANY(store)

/* What it calls for -fsanitize=undefined */

struct location {
	const char *file;
	uint32_t line;
	uint32_t column;
};

static _Noreturn void undefined(const char *what, const struct location *place)
{
	struct line line = { 0 };

	add(&line, "sanitize: ");
	add(&line, place->file);
	add(&line, ":");
	add_number(&line, place->line, 10);
	add(&line, ":");
	add_number(&line, place->column, 10);
	add(&line, ": ");
	add(&line, what);
	end(&line);
}

/* Each is given what is known of the operation, its place first. */
#define UNDEFINED(name)                                                     \
	_Noreturn void __ubsan_handle_##name(const struct location *place); \
	_Noreturn void __ubsan_handle_##name(const struct location *place)  \
	{                                                                   \
		undefined(#name, place);                                    \
	}
UNDEFINED(add_overflow_abort)
UNDEFINED(builtin_unreachable)
UNDEFINED(divrem_overflow_abort)
UNDEFINED(invalid_builtin_abort)
UNDEFINED(load_invalid_value_abort)
UNDEFINED(missing_return)
UNDEFINED(mul_overflow_abort)
UNDEFINED(negate_overflow_abort)
UNDEFINED(nonnull_arg_abort)
UNDEFINED(nonnull_return_v1_abort)
UNDEFINED(out_of_bounds_abort)
UNDEFINED(pointer_overflow_abort)
UNDEFINED(shift_out_of_bounds_abort)
UNDEFINED(sub_overflow_abort)
UNDEFINED(type_mismatch_v1_abort)
UNDEFINED(vla_bound_not_positive_abort)
