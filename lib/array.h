/* Arrays whose length the compiler knows. */
#ifndef RIND_LIB_ARRAY_H
#define RIND_LIB_ARRAY_H

/* How many elements ARRAY has; -Wsizeof-pointer-div refuses a pointer. */
#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
