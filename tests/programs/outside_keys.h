/* The keys that outside leaves, and that hostile looks for. */
#ifndef RIND_TESTS_PROGRAMS_OUTSIDE_KEYS_H
#define RIND_TESTS_PROGRAMS_OUTSIDE_KEYS_H

static const char session_key[] = "hostile";
static const char user_key[] = "hostile of a user";
static const char key_payload[] = "of the outside";

#endif
