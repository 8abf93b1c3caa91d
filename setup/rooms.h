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
