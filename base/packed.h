/* Texts for people, which the build packs. */
#ifndef RIND_PACKED_H
#define RIND_PACKED_H

#include "base/text.h"

/* Marks a text that cli/pack.awk may pack: only for text_add_packed(). */
#define TEXT(text) text

/* Adds what was packed; plain ASCII, as other texts, stays as it is. */
void text_add_packed(struct text *text, const char *packed);

#endif
