/*
 * The first instruction.
 *
 * A signal that comes before PID 1 has blocked it is dropped by the kernel, and
 * one that comes to a rind which is not PID 1 ends it. The C library makes its
 * own system calls before main() (for TLS, and libcap's constructor probes the
 * kernel), so everything is blocked before that: rt_sigprocmask(2) is the first
 * system call of the process. Then the C library's own start code goes on.
 */
#include "sys/entry.h"

#include "sys/relr.h" /* IWYU pragma: keep */

/* Written before the program is relocated, hence hidden. */
__attribute__((visibility("hidden"), used)) signal_set entry_mask;
__attribute__((visibility("hidden"), used)) int entry_result;

#if defined(__x86_64__)

__asm__(".section .text.rind_entry,\"ax\",@progbits\n"
	".global rind_entry\n"
	".type rind_entry,@function\n"
	"rind_entry:\n"
	"	mov %rdx, %r12\n" /* the ABI's function for atexit(3) */
	"	push $-1\n"       /* the set: all 64 */
	"	mov $14, %eax\n"  /* rt_sigprocmask */
	"	xor %edi, %edi\n" /* SIG_BLOCK */
	"	mov %rsp, %rsi\n"
	"	lea entry_mask(%rip), %rdx\n"
	"	mov $8, %r10d\n"
	"	syscall\n"
	"	mov %eax, entry_result(%rip)\n"
	"	pop %rdx\n"
	"	call relr_apply\n"
	"	mov %r12, %rdx\n"
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
	"	add sp, sp, #16\n"
	"	bl relr_apply\n"
	"	b _start\n"
	".size rind_entry,.-rind_entry\n"
	".previous\n");

#else
#error "write rind_entry for this machine: block all signals, go to _start"
#endif
