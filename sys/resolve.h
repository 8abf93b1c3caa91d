/*
 * Paths inside the new root. An image's symbolic links lead where the app will
 * see them lead, and never out of the root.
 */
#ifndef RIND_SYS_RESOLVE_H
#define RIND_SYS_RESOLVE_H

/*
 * Opens PATH, which is absolute, as if ROOT, an O_PATH descriptor, were "/":
 * openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS (Linux 5.6); where
 * that call is missing, part by part with the same result. Returns an O_PATH
 * descriptor that the caller closes, or -1 with errno.
 */
int resolve_in_root(int root, const char *path);

/* The same, but ELOOP where PATH leads to ROOT itself. */
int resolve_below_root(int root, const char *path);

/*
 * Refuses a link to the root as the place of a mount: that mount would lie
 * below the root where paths begin, and cover nothing. Returns FD; or closes it
 * and returns -1 with ELOOP where it is ROOT itself. An FD of -1 comes back as
 * it is.
 */
int resolve_refuse_root(int root, int fd);

#endif
