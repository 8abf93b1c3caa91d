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

#include "base/fds.h"
#include "base/packed.h"
#include "setup/capset.h"
#include "setup/rooms.h"
#include "setup/securebits.h"
#include "supervise/parts.h"

int confine_choose(const struct app *app, enum confinement *confinement,
		   struct error *error)
{
	uint64_t setuid = app->whitelist & capset_bit(CAP_SETUID);
	bool can_leave = setuid || app->plan->allow_new_privs;
	bool same = app->identity.uid == app->start->uid;
	const char *object = "CAP_KILL";

	if (app->plan->quirks)
		*confinement = app->start->permitted & capset_bit(CAP_KILL)
				       ? KEEP_KILL
				       : HOLD_NOTHING;
	else if (same && !can_leave)
		*confinement = HOLD_NOTHING;
	else if (app->start->permitted & capset_bit(CAP_KILL))
		*confinement = KEEP_KILL;
	else if (!can_leave)
		*confinement = TAKE_APPS_USER;
	else
		return error_set(
			error, "confine", object,
			setuid ? TEXT("--cap=setuid lets the app out of "
				      "rind's reach without it")
			       : TEXT("--allow-new-privs lets the app out "
				      "of rind's reach without it"),
			TEXT("the engine withholds it: docker run "
			     "--cap-add=KILL"));
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
	unsigned int locks = securebits_wanted(true);

	return (cap_get_secbits() & locks) == locks;
}

/* Not without CAP_SETPCAP; no_new_privs then makes both sets idle. */
static int limit_future(const struct app *app, uint64_t keep)
{
	if (app->no_setpcap)
		return 0;
	return capset_drop_bounding(app->start->bounding & ~keep) ||
	       (cap_set_secbits(securebits_wanted(false)) &&
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
	       (confinement != TAKE_APPS_USER || ids_are(&app->identity)) &&
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
	/* Under a tool's name /proc/1/fd/1 is where images write their logs. */
	bool open = app->plan && app->plan->quirks;

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
				 TEXT("the kernel says otherwise than asked"),
				 TEXT("the app was not started"));
	return 0;
}
