/*
 * What the rooms of setup/ are made of: steps, which order.c puts in their
 * order. A step is one object at the end of its own file.
 */
#ifndef RIND_SETUP_STEPS_H
#define RIND_SETUP_STEPS_H

#include "setup/setup.h"

/* What the container-wide steps share. */
struct container {
	const struct plan *plan;
	int root;      /* O_PATH: what is, or will be, the root; -1: not yet */
	bool new_root; /* it will be made the root, and places made in it */
	int terminal;  /* as in struct inherited */
	dev_t own_dev; /* the tmpfs that was mounted on /dev, or 0 */
};

/* The text of a step comes without its reason, which is in order.c. */
struct container_step {
	struct step_text text;
	/* Returns 0, or -1 with *ERROR. */
	int (*run)(struct container *container, struct error *error);
};

struct app_step {
	struct step_text text;
	/* Returns 0, -1 with *ERROR, or STEP_LEFT_OUT. */
	int (*run)(struct app *app, struct error *error);
};

/* There is nothing to do, or the kernel cannot do it: not an error. */
enum {
	STEP_LEFT_OUT = 1
};

/* Before the app's process exists: see setup_check() and setup_prepare(). */
int descriptors_check(const struct app *app, struct error *error);
int user_prepare(struct app *app, struct error *error);
int caps_prepare(struct app *app, struct error *error);

#endif
