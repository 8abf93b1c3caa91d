/* --license: the texts of rind, musl and libcap. */
#include "cli/cli.h"
#include "cli/output.h"

/* Put together and packed by the Makefile: see pack.awk. */
__asm__(".section .rodata.license,\"a\",@progbits\n"
	".include \"build/license.s\"\n"
	".previous\n");

extern const unsigned char license_pairs[][2]
	__attribute__((visibility("hidden")));
extern const unsigned char license_text[] __attribute__((visibility("hidden")));

static void unpack(struct output *output, unsigned char byte)
{
	char text[] = { (char)byte, '\0' };

	if (byte < 128) {
		output_add(output, text);
		return;
	}
	unpack(output, license_pairs[byte - 128][0]);
	unpack(output, license_pairs[byte - 128][1]);
}

int print_license(void)
{
	struct output output = { 0 };

	for (const unsigned char *at = license_text; *at; at++)
		unpack(&output, *at);
	return output_end(&output);
}
