/* Texts for people, which the build packs. */
#include "base/packed.h"

/* What the bytes from 128 on stand for: see cli/pack.awk. */
extern const unsigned char text_pairs[128][2]
	__attribute__((visibility("hidden")));

static void unpack(struct text *text, unsigned char byte)
{
	char plain[] = { (char)byte, '\0' };

	if (byte < 128) {
		text_add(text, plain);
		return;
	}
	unpack(text, text_pairs[byte - 128][0]);
	unpack(text, text_pairs[byte - 128][1]);
}

void text_add_packed(struct text *text, const char *packed)
{
	while (*packed)
		unpack(text, (unsigned char)*packed++);
}
