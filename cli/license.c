/* --license: the texts of rind, musl and libcap. */
#include "cli/cli.h"

/* Put together by the Makefile. */
__asm__(".section .rodata.license,\"a\",@progbits\n"
	".balign 8\n"
	"license_size:\n"
	".quad license_end - license_text\n"
	"license_text:\n"
	".incbin \"build/license.txt\"\n"
	"license_end:\n"
	".previous\n");

extern const size_t license_size __attribute__((visibility("hidden")));
extern const char license_text[] __attribute__((visibility("hidden")));

int print_license(void)
{
	return print(license_text, license_size);
}
