/* The rooms of setup/ as order.c and the verify step see them. */
#ifndef RIND_ROOMS_H
#define RIND_ROOMS_H

#include "setup/setup.h"

extern const struct facility user_facility;
extern const struct facility caps_facility;
extern const struct facility limits_facility;
extern const struct facility priority_facility;
extern const struct facility environment_facility;
extern const struct facility workdir_facility;
extern const struct facility descriptors_facility;
extern const struct facility new_privs_facility;
extern const struct facility parent_death_facility;
extern const struct facility supervision_facility; /* supervise/options.c */
extern const struct facility looking_facility;     /* cli/looking.c */

extern const struct facility namespaces_facility;
extern const struct facility idmap_facility;
extern const struct facility mounts_facility;

/* Container-wide, in rind itself: see container_setup(). */
int namespaces_setup(struct container *container, struct error *error);
int time_setup(struct container *container, struct error *error);
int hostname_setup(struct container *container, struct error *error);
int loopback_setup(struct container *container, struct error *error);
int propagation_setup(struct container *container, struct error *error);
int root_setup(struct container *container, struct error *error);
int standard_setup(struct container *container, struct error *error);
int mounts_setup(struct container *container, struct error *error);
int masks_setup(struct container *container, struct error *error);
int read_only_setup(struct container *container, struct error *error);
int pivot_setup(struct container *container, struct error *error);

/* "WHAT on PATH: REASON (CURE)" of the mounts, from errno. Returns -1. */
int mount_error(const char *what, const char *path, struct error *error);

/*
 * Ends a mount: says so where MADE, its root, is -1, and closes that and
 * TARGET, what it was made on. Returns 0 or -1.
 */
int mount_end(int made, int target, const char *what, const char *path,
	      struct error *error);

/*
 * The uid and gid that USER[:GROUP] stands for in the files of ROOT, an O_PATH
 * descriptor; a group by name is not looked for. Returns 0 or -1.
 */
int user_find_inside(int root, const char *spec, struct identity *id,
		     struct error *error);

/*
 * The directory that becomes the root, or the upper one of an overlay's lower
 * layers; NULL where the app gets the root that rind was started in.
 */
const char *mounts_root(const struct plan *plan);

/* Sorted and each once, so that verify can compare with getgroups(2). */
void groups_order(struct identity *id);

/* Puts rind's own groups into new memory; returns how many, or -1 with errno.
 */
int groups_read(gid_t **own);

/*
 * Whether rind's own groups are those that ID asks for; with ID's gid already,
 * it is in that group also where it is not listed. -1 with errno: not known.
 */
int groups_stand(const struct identity *id);

/*
 * A user namespace with one line in its gid_map may not change groups at all
 * (user_namespaces(7), "deny"): asking for the ones at hand tells, and changes
 * nothing.
 */
bool groups_are_frozen(void);

/* Whether all ids of this process are those of ID. */
bool ids_are(const struct identity *id);

/* Before the app's process exists: see setup_prepare(). */
int user_prepare(struct app *app, struct error *error);
int caps_prepare(struct app *app, struct error *error);
int descriptors_prepare(struct app *app, struct error *error);

/* In the app's process: see setup_run(). */
int terminal_setup(struct app *app, struct error *error);
int streams_setup(struct app *app, struct error *error);
int limits_setup(struct app *app, struct error *error);
int nice_setup(struct app *app, struct error *error);
int oom_setup(struct app *app, struct error *error);
int umask_setup(struct app *app, struct error *error);
int keyring_setup(struct app *app, struct error *error);
int groups_setup(struct app *app, struct error *error);
int bounding_setup(struct app *app, struct error *error);
int securebits_setup(struct app *app, struct error *error);
int gid_setup(struct app *app, struct error *error);
int uid_setup(struct app *app, struct error *error);
int caps_setup(struct app *app, struct error *error);
int new_privs_setup(struct app *app, struct error *error);
int environment_setup(struct app *app, struct error *error);
int workdir_setup(struct app *app, struct error *error);
int descriptors_setup(struct app *app, struct error *error);
int verify_setup(struct app *app, struct error *error);

#endif
