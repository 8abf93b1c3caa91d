/*
 * What PID 1 keeps: nothing, or CAP_KILL alone. It outlives every step of the
 * app's and is the one process that the app can always find, so it must be out
 * of reach and worth nothing.
 */
#include <errno.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "setup/setup.h"
#include "supervise/supervisor.h"
#include "sys/capset.h"
#include "sys/fds.h"
#include "sys/ids.h"

int confine_choose(const struct app *app, enum confinement *confinement,
		   struct error *error)
{
	uint64_t setuid = app->caps & capset_bit(CAP_SETUID);
	bool can_leave = setuid || app->plan->confinement.allow_new_privs;
	bool same = app->identity.uid == app->inherited->uid;
	const char *object = "CAP_KILL";

	if (!app->plan->supervision.out_of_reach)
		*confinement = app->inherited->permitted & capset_bit(CAP_KILL)
				       ? KEEP_KILL
				       : HOLD_NOTHING;
	else if (same && !can_leave)
		*confinement = HOLD_NOTHING;
	else if (app->inherited->permitted & capset_bit(CAP_KILL))
		*confinement = KEEP_KILL;
	else if (!can_leave)
		*confinement = TAKE_APPS_USER;
	else
		return error_set(error, "confine", object,
				 setuid ? "--cap=setuid lets the app out of "
					  "rind's reach without it"
					: "--allow-new-privs lets the app out "
					  "of rind's reach without it",
				 "the engine withholds it: docker run "
				 "--cap-add=KILL");
	return 0;
}

static int take_apps_user(const struct identity *id)
{
	return syscall(SYS_setgroups, 0, NULL) ||
	       syscall(SYS_setresgid, id->gid, id->gid, id->gid) ||
	       syscall(SYS_setresuid, id->uid, id->uid, id->uid);
}

/* By an outer rind with --allow-new-privs, which leaves root's privilege on. */
static bool are_locked(void)
{
	unsigned int locks = capset_locked_securebits(true);

	return (cap_get_secbits() & locks) == locks;
}

/* Not without CAP_SETPCAP; no_new_privs then makes both sets idle. */
static int limit_future(const struct app *app, uint64_t keep)
{
	if (app->no_setpcap)
		return 0;
	return capset_drop_bounding(app->inherited->bounding & ~keep) ||
	       (cap_set_secbits(capset_locked_securebits(false)) &&
		(errno != EPERM || !are_locked()));
}

/* Read back from the kernel, as the app's process is (setup/verify.c). */
static bool is_confined(const struct app *app, enum confinement confinement,
			uint64_t keep, int dumpable)
{
	uint64_t bounding;

	return capset_are(keep, 0) &&
	       (app->no_setpcap || (!capset_bounding(&bounding) &&
				    !(bounding & ~keep) && are_locked())) &&
	       (confinement != TAKE_APPS_USER ||
		ids_are(app->identity.uid, app->identity.gid)) &&
	       prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
	       prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == dumpable;
}

/*
 * Dumpable comes last: a change of credentials sets it anew. Not dumpable means
 * that /proc/1/{mem,environ,root,fd} belong to the kernel's root and ptrace(2)
 * is refused, also to the same uid (PR_SET_DUMPABLE(2const)).
 */
int confine(const struct app *app, enum confinement confinement,
	    const int kept[], int count, struct error *error)
{
	uint64_t keep = confinement == KEEP_KILL ? capset_bit(CAP_KILL) : 0;
	struct fd_array array = { kept, count };
	const char *step = NULL;
	bool open = app->plan->supervision.keep_streams;

	if (chdir("/"))
		step = "working directory";
	else if (fds_close_all(open ? 3 : 0, fds_next_in_array, &array))
		step = "descriptors";
	else if (limit_future(app, keep))
		step = "bounding set";
	else if (confinement == TAKE_APPS_USER &&
		 take_apps_user(&app->identity))
		step = "user";
	else if (capset_set_ambient(0) || capset_keep(keep, 0))
		step = "capabilities";
	else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		step = "no_new_privs";
	else if (prctl(PR_SET_DUMPABLE, open, 0, 0, 0))
		step = "dumpable";
	if (step)
		return error_errno(error, "confine", step, NULL);
	if (!is_confined(app, confinement, keep, open))
		return error_set(error, "confine", "rind itself",
				 "the kernel says otherwise than asked",
				 "the app was not started");
	return 0;
}
