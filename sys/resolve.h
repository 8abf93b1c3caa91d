/* Paths inside the new root, whatever the image's links say. */
#ifndef RIND_SYS_RESOLVE_H
#define RIND_SYS_RESOLVE_H

/*
 * Opens PATH (absolute) as if ROOT, an O_PATH descriptor, were "/": links are
 * followed inside it and never out of it (openat2(2) with RESOLVE_IN_ROOT,
 * Linux 5.6; before that component by component). Returns an O_PATH descriptor
 * or -1 with errno.
 */
int resolve_in_root(int root, const char *path);

/*
 * TARGET, unless it is ROOT itself, to which a link may lead: what is mounted
 * there is below where paths begin, and covers nothing. Closes it then, and
 * returns -1 with ELOOP.
 */
int resolve_not_root(int root, int target);

#endif
