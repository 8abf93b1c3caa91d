/* The steps of setup/, which order.c puts in order. */
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

/* Each returns 0, or -1 with *ERROR. */
typedef int container_step(struct container *container, struct error *error);
container_step namespaces_setup, time_setup, hostname_setup, loopback_setup,
	propagation_setup, root_setup, standard_setup, mounts_setup,
	masks_setup, read_only_setup, pivot_setup;

/* Before the app's process exists: see setup_prepare(). */
typedef int app_step(struct app *app, struct error *error);
app_step user_prepare, caps_prepare;
int descriptors_check(const struct app *app, struct error *error);

/* What a step of the app's side returns where it was not to be done. */
enum {
	STEP_LEFT_OUT = 1
};

/* In the app's process: see setup_run(). */
app_step terminal_setup, streams_setup, limits_setup, nice_setup,
	oom_score_setup, umask_setup, keyring_setup, groups_setup,
	bounding_setup, securebits_setup, gid_setup, uid_setup, caps_setup,
	new_privs_setup, environment_setup, workdir_setup, descriptors_setup,
	verify_setup;

#endif
