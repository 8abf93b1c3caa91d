/* The securebits that the app gets (capabilities(7)). */
#ifndef RIND_SECUREBITS_H
#define RIND_SECUREBITS_H

#include <stdbool.h>

/*
 * The bits in force once the app runs, locked. uid 0 gives nothing by itself
 * (NOROOT), unless setuid programs were asked for: a setuid-root program lives
 * on the uid's magic, within the bounding set. The fixups that strip a process
 * which leaves uid 0 stay on: a server that starts as root and drops to a
 * worker's uid counts on them.
 */
unsigned int securebits_wanted(bool allow_new_privs);

#endif
