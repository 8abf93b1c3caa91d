/*
 * The first instruction.
 *
 * A signal that comes before PID 1 has blocked it is dropped by the kernel, and
 * one that comes to a rind which is not PID 1 ends it. The C library makes its
 * own system calls before main() (for TLS, and libcap's constructor probes the
 * kernel), so everything is blocked before that: rt_sigprocmask(2) is the first
 * system call of the process.
 */
#include "entry.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>

/* Zero until entered, as .bss is; written before relocation, hence hidden. */
__attribute__((visibility("hidden"), used)) signal_set entry_mask;
__attribute__((visibility("hidden"), used)) int entry_result;

/* Where the linker put them (link.ld). */
extern const uintptr_t __relr_start[] __attribute__((visibility("hidden")));
extern const uintptr_t __relr_end[] __attribute__((visibility("hidden")));
extern const ElfW(Rela) __rela_start[] __attribute__((visibility("hidden")));
extern const ElfW(Rela) __rela_end[] __attribute__((visibility("hidden")));
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

/*
 * The relocations of a static PIE. Of musl's start code rcrt1.o would apply
 * them again; Scrt1.o, of a program whose loader has done so, does not. Both
 * run before the C library: no canary, no other function. The linker drops the
 * one that a machine has no use for.
 */
#define BEFORE_THE_LIBRARY \
	__attribute__((visibility("hidden"), used, no_stack_protector)) void
void entry_relocate_packed(void);
void entry_relocate(void);

/*
 * In the packed form (DT_RELR): 5 kB less of file than 24 bytes for each. An
 * even word is the place of a relocation; an odd one a bitmap of the 63 words
 * behind the last.
 */
BEFORE_THE_LIBRARY entry_relocate_packed(void)
{
	uintptr_t base = (uintptr_t)__ehdr_start;
	uintptr_t *where = NULL;

	for (const uintptr_t *table = __relr_start;
	     (uintptr_t)table < (uintptr_t)__relr_end; table++) {
		if (!(*table & 1)) {
			where = (uintptr_t *)(base + *table);
			*where++ += base;
			continue;
		}
		/* A table begins with a place; else there is none to go by. */
		if (!where)
			return;
		for (uintptr_t bits = *table >> 1, i = 0; bits; bits >>= 1, i++)
			if (bits & 1)
				where[i] += base;
		where += 8 * sizeof(*table) - 1;
	}
}

/* Where the linker does not pack them: for aarch64, binutils 2.40. */
BEFORE_THE_LIBRARY entry_relocate(void)
{
	uintptr_t base = (uintptr_t)__ehdr_start;

	for (const ElfW(Rela) *one = __rela_start;
	     (uintptr_t)one < (uintptr_t)__rela_end; one++)
		*(uintptr_t *)(base + one->r_offset) = base +
						       (uintptr_t)one->r_addend;
}

#if defined(__x86_64__)

__asm__(".section .text.rind_entry,\"ax\",@progbits\n"
	".global rind_entry\n"
	".type rind_entry,@function\n"
	"rind_entry:\n"
	"	push $-1\n"       /* the set: all 64 */
	"	push $-1\n"       /* and the alignment for the call */
	"	mov $14, %eax\n"  /* rt_sigprocmask */
	"	xor %edi, %edi\n" /* SIG_BLOCK */
	"	mov %rsp, %rsi\n"
	"	lea entry_mask(%rip), %rdx\n"
	"	mov $8, %r10d\n"
	"	syscall\n"
	"	mov %eax, entry_result(%rip)\n"
	"	call entry_relocate_packed\n"
	"	add $16, %rsp\n"
	"	xor %edx, %edx\n" /* no function for atexit(3): the ABI's rdx */
	"	jmp _start\n"
	".size rind_entry,.-rind_entry\n"
	".previous\n");

#elif defined(__aarch64__)

__asm__(".section .text.rind_entry,\"ax\",@progbits\n"
	".global rind_entry\n"
	".type rind_entry,@function\n"
	"rind_entry:\n"
	"	mov x0, #-1\n"
	"	str x0, [sp, #-16]!\n"
	"	mov x0, #0\n"
	"	mov x1, sp\n"
	"	adrp x2, entry_mask\n"
	"	add x2, x2, :lo12:entry_mask\n"
	"	mov x3, #8\n"
	"	mov x8, #135\n"
	"	svc #0\n"
	"	adrp x2, entry_result\n"
	"	str w0, [x2, :lo12:entry_result]\n"
	"	bl entry_relocate\n"
	"	add sp, sp, #16\n"
	"	mov x30, #0\n"
	"	b _start\n"
	".size rind_entry,.-rind_entry\n"
	".previous\n");

#else
#error "write rind_entry for this machine: block all signals, go to _start"
#endif
