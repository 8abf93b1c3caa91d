/* Closing descriptors on the way out of an error. */
#ifndef RIND_LIB_DESCRIPTOR_H
#define RIND_LIB_DESCRIPTOR_H

/*
 * Closes FD, unless it is -1, and leaves errno as the failure before it set it.
 * Returns -1, so that a function can end in "return close_keeping_errno(fd)".
 */
int close_keeping_errno(int fd);

#endif
