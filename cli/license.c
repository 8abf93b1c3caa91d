/* --license: the texts of rind, musl and libcap. */
#include "cli/cli.h"

/* Put together by the Makefile. */
__asm__(".section .rodata.license,\"a\",@progbits\n"
	"license_text:\n"
	".incbin \"license.txt\"\n"
	"license_end:\n"
	".previous\n");

extern const char license_text[],
	license_end[] __attribute__((visibility("hidden")));

int print_license(void)
{
	return print(license_text, (size_t)(license_end - license_text));
}
