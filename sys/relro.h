/* Read-only relocations. */
#ifndef RIND_SYS_RELRO_H
#define RIND_SYS_RELRO_H

#include "lib/error.h"

/*
 * Makes the relocated tables of this program read-only: function pointers that
 * an overflow could otherwise turn. The dynamic linker does this elsewhere; the
 * start code of a static PIE in musl (1.2.3) does not. Returns 0, or -1 with
 * *ERROR.
 */
int relro_protect(struct error *error);

#endif
