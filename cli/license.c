/* --license: the texts of rind, musl and libcap. */
#include "base/packed.h"
#include "cli/cli.h"

/* Put together and packed by the Makefile: see pack.awk. */
__asm__(".section .rodata.license,\"a\",@progbits\n"
	".include \"build/license.s\"\n"
	".previous\n");

extern const char license_text[] __attribute__((visibility("hidden")));

int print_license(void)
{
	char buffer[8192];
	struct text text = text_in(buffer, sizeof(buffer));

	text_add_packed(&text, license_text);
	return print(buffer, text.length);
}
